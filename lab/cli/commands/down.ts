import type { Command } from 'commander';
import type { DownResult } from '../../engine/engine.ts';
import { type Context, holdsLab } from '../context.ts';

/** `down`: removes what the engine has of a lab, whatever the current source describes, and after any crash. */
export function addDown(program: Command, context: Context): void {
  program
    .command('down')
    .description("remove the lab's hosts and networks")
    .option('--all', 'remove every lab on this engine')
    .action(async ({ all }: { all?: true }) => {
      const { output, interruption } = context;
      const { chosenEngine, takeDown } = await import('../late-imports.ts');
      const engine = await chosenEngine(context);
      const names = all ? (await engine.labs()).map(({ name }) => name) : [context.name];
      if (names.length === 0) output.result('No lab is up.');
      holdsLab(context);
      const failures: unknown[] = [];
      const progress = (message: string) => output.progress(message);
      for (const name of names)
        await takeDown(engine, name, { progress, signal: interruption.signal }).then(
          (removed) => output.result(`${name}: ${inWords(removed)}`),
          (error) => failures.push(error),
        );
      for (const error of failures.slice(1))
        output.message(error instanceof Error ? error.message : String(error));
      if (failures.length > 0) throw failures[0];
    });
}

function inWords({ hosts, networks }: DownResult): string {
  if (hosts === 0 && networks === 0) return 'nothing to remove';
  return `removed ${hosts} hosts and ${networks} networks`;
}

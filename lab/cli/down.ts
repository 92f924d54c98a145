import type { Command } from 'commander';
import type { DownResult } from '../engine/down.ts';
import type { Engine } from '../engine/find-engine.ts';
import { type Context, holdsLab } from './context.ts';

/** `down`: by label, so that it works whatever today's source says and after any crash. */
export function addDown(program: Command, context: Context): void {
  program
    .command('down')
    .description("remove the lab's containers and networks")
    .option('--all', 'of every lab on this engine')
    .action(async ({ all }: { all?: true }) => {
      const { findEngine, status } = await import('./engine.ts');
      const engine = await findEngine();
      const names = all ? (await status(engine)).map(({ name }) => name) : [context.name];
      if (names.length === 0) context.output.result('No lab is up.');
      holdsLab(context);
      const failures: unknown[] = [];
      for (const name of names)
        await takeDown(engine, name).then(
          (removed) => context.output.result(`${name}: ${inWords(removed)}`),
          (error) => failures.push(error),
        );
      for (const error of failures.slice(1))
        context.output.message(error instanceof Error ? error.message : String(error));
      if (failures.length > 0) throw failures[0];
    });
}

async function takeDown(engine: Engine, name: string): Promise<DownResult> {
  const { down, lockLab, setKept } = await import('./engine.ts');
  await using _lock = await lockLab(name);
  const removed = await down(engine, name);
  await setKept(name, false);
  return removed;
}

function inWords({ containers, networks }: DownResult): string {
  if (containers === 0 && networks === 0) return 'nothing to remove';
  return `removed ${containers} containers and ${networks} networks`;
}

import type { Command } from 'commander';
import type { DownResult } from '../../engine/docker/down.ts';
import type { Engine } from '../../engine/docker/find-engine.ts';
import type { Terraform } from '../../engine/terraform/program.ts';
import { type Context, holdsLab } from '../context.ts';
import { addEngineOption, type EngineKind } from '../options/engine.ts';

/** `down`: by label, so that it works whatever today's source says and after any crash. */
export function addDown(program: Command, context: Context): void {
  const command = program
    .command('down')
    .description("remove the lab's containers and networks")
    .option('--all', 'of every lab on this engine')
    .action(async ({ all, engine: kind }: { all?: true; engine: EngineKind }) => {
      const { findEngine, findTerraform, status } = await import('../engine.ts');
      const terraform = kind === 'terraform' ? await findTerraform() : undefined;
      const engine = await findEngine();
      const names = all ? (await status(engine)).map(({ name }) => name) : [context.name];
      if (names.length === 0) context.output.result('No lab is up.');
      holdsLab(context);
      const failures: unknown[] = [];
      for (const name of names)
        await takeDown(engine, name, context, terraform).then(
          (removed) => context.output.result(`${name}: ${inWords(removed)}`),
          (error) => failures.push(error),
        );
      for (const error of failures.slice(1))
        context.output.message(error instanceof Error ? error.message : String(error));
      if (failures.length > 0) throw failures[0];
    });
  addEngineOption(command);
}

async function takeDown(
  engine: Engine,
  name: string,
  { output, interruption }: Context,
  terraform: Terraform | undefined,
): Promise<DownResult> {
  const { down, downBy, forgetState, lockLab, setPassing } = await import('../engine.ts');
  await using _lock = await lockLab(name);
  const removed = terraform
    ? await downBy(terraform, engine, name, {
        progress: (message) => output.progress(message),
        signal: interruption.signal,
      })
    : await down(engine, name);
  await forgetState(name);
  await setPassing(name, false);
  return removed;
}

function inWords({ containers, networks }: DownResult): string {
  if (containers === 0 && networks === 0) return 'nothing to remove';
  return `removed ${containers} containers and ${networks} networks`;
}

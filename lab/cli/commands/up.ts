import type { Command } from 'commander';
import { networkPicture } from '../../report/text/network.ts';
import { type Context, holdsLab } from '../context.ts';
import { Live } from '../live.ts';
import { addEngineOption, type EngineKind } from '../options/engine.ts';

/** `up`: brings the lab up and leaves it; does nothing to what is up already. */
export function addUp(program: Command, context: Context): void {
  const command = program
    .command('up')
    .description('bring the lab up and leave it up; what is up already is left alone')
    .action(async ({ engine: kind }: { engine: EngineKind }) => {
      const { output, interruption, name } = context;
      const { findTerraform, startLab, upBy } = await import('../engine.ts');
      const converge = kind === 'terraform' ? upBy(await findTerraform()) : undefined;
      holdsLab(context);
      using live = await Live.on(output);
      live.waitFor('Bringing the lab up');
      await using lab = await startLab({
        name,
        keep: true,
        progress: (message) => output.progress(message),
        signal: interruption.signal,
        ...(converge && { converge }),
      });
      output.result(networkPicture(lab.plan, output.style));
    });
  addEngineOption(command);
}

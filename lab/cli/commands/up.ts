import type { Command } from 'commander';
import { networkPicture } from '../../report/text/network.ts';
import { type Context, holdsLab } from '../context.ts';
import { Live } from '../live.ts';

/** `up`: brings the lab up and leaves it; does nothing to what is up already. */
export function addUp(program: Command, context: Context): void {
  program
    .command('up')
    .description('bring the lab up and leave it up; what is up already is left alone')
    .action(async () => {
      const { output, interruption, name } = context;
      const { startLab } = await import('../engine.ts');
      holdsLab(context);
      using live = await Live.on(output);
      live.waitFor('Bringing the lab up');
      await using lab = await startLab({
        name,
        ...(context.engine && { kind: context.engine }),
        keep: true,
        progress: (message) => output.progress(message),
        signal: interruption.signal,
      });
      output.result(networkPicture(lab.plan, output.style));
    });
}

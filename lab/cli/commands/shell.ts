import type { Command } from 'commander';
import { oneHostOf } from '../../model/names.ts';
import { firewallNames, machineNames } from '../../network/topology.ts';
import type { Context } from '../context.ts';

const hostNames = () => [...machineNames(), ...firewallNames()];

/** `shell`: a shell, or one command, in a host of the lab. */
export function addShell(program: Command, context: Context): void {
  program
    .command('shell')
    .description(
      'open a shell in a host of the lab, or run a command there; the exit status is that of the shell or command',
    )
    .argument('<host>', hostNames().join(', '))
    .argument('[command...]', 'after --')
    .action(async (text: string, command: string[]) => {
      const host = oneHostOf('host', text, hostNames(), context.names);
      const { chosenEngine, requireUp } = await import('../late-imports.ts');
      const engine = await chosenEngine(context);
      await requireUp(engine, context.name);
      context.status = await engine.shell(
        { lab: context.name, host },
        command.length > 0 ? command : ['bash'],
        AbortSignal.any([context.interruption.signal, context.output.unread]),
      );
    });
}

import type { Command } from 'commander';
import { oneOf } from '../../one-of.ts';

/** `help`: of the program or of one command. Commander's own help command answers a wrong word with the whole help. */
export function addHelp(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .description('show the help of a command')
    .argument('[command]')
    .action((text: string | undefined) => {
      if (text === undefined) return program.outputHelp();
      const commands = program.createHelp().visibleCommands(program);
      const name = oneOf(
        'command',
        text,
        commands.map((command) => command.name()),
      );
      commands.find((command) => command.name() === name)?.outputHelp();
    });
}

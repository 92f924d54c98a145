import type { Command } from 'commander';
import { type Completion, completionOf } from './words.ts';

export interface CompletedOption {
  /** `--json` */
  readonly flag: string;
  readonly description: string;
  /** `null` for an option without a value. */
  readonly value: Completion | null;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  /** The program's own words and those of every command. */
  readonly options: readonly CompletedOption[];
  /** By position; the last one repeats if it is variadic. */
  readonly positions: readonly Completion[];
  readonly variadic: boolean;
}

export interface CompletedProgram {
  readonly commands: readonly CompletedCommand[];
  /** The program without a command; its name is ''. */
  readonly itself: CompletedCommand;
}

/** The visible commands of a program, with everything that can be completed. */
export function commandTree(program: Command): CompletedProgram {
  const help = program.createHelp();
  const everywhere = optionsOf(program);
  const commands = help.visibleCommands(program);
  return {
    itself: { name: '', description: '', options: everywhere, positions: [], variadic: false },
    commands: commands.map((command) => ({
      name: command.name(),
      description: help.subcommandDescription(command),
      options: [
        ...optionsOf(command),
        ...everywhere.filter(({ flag }) => flag !== '--help' && flag !== '--version'),
      ],
      positions: command.registeredArguments.map((argument) =>
        argument.name() === 'command' && !argument.variadic
          ? { kind: 'words', words: commands.map((each) => each.name()), orFile: false }
          : completionOf(argument.name(), argument.name()),
      ),
      variadic: command.registeredArguments.at(-1)?.variadic === true,
    })),
  };
}

function optionsOf(command: Command): CompletedOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, flags, description, required, optional }) => {
      const flag = long ?? flags;
      const [, value = ''] = /[<[]([\w-]+)/.exec(flags) ?? [];
      return {
        flag,
        description,
        value: required || optional ? completionOf(flag.replace(/^-+/, ''), value) : null,
      };
    });
}

import { shellQuoted as quoted } from '../../shell-quoted.ts';
import type { CompletedCommand, CompletedProgram } from './command-tree.ts';
import type { Completion } from './words.ts';

/*
 * bash and zsh both describe what to complete by the words so far. They share the part that finds the command and the
 * position, and the cases; each shell has its own way to offer candidates.
 */

/** How a shell offers candidates: a line of script each. */
export interface Offers {
  readonly words: (words: readonly string[]) => string;
  readonly files: string;
  readonly options: (command: CompletedCommand) => string;
  readonly commands: (commands: readonly CompletedCommand[]) => string;
}

/** `command option` of every option that takes a value, as alternatives of a `case`. */
export function valueFlags({ commands, itself }: CompletedProgram): string {
  return [itself, ...commands].flatMap((command) => valued(command).map(({ at }) => at)).join('|');
}

/** The statements that offer the candidates for `$command $previous $position $current`. */
export function cases({ commands, itself }: CompletedProgram, offers: Offers): string {
  const offer = (completion: Completion) => {
    if (completion.kind === 'words')
      return [...(completion.orFile ? [offers.files] : []), offers.words(completion.words)].join('; ');
    return completion.kind === 'files' ? offers.files : ':';
  };
  const all = [itself, ...commands];
  const values = all.flatMap(valued).map(({ at, value }) => `${at}) ${offer(value)}; return ;;`);
  const positions = commands.flatMap(({ name, positions, variadic }) =>
    positions.map((completion, index) => {
      const last = variadic && index === positions.length - 1;
      return `${last ? `${quoted(`${name} `)}*` : quoted(`${name} ${index}`)}) ${offer(completion)} ;;`;
    }),
  );
  return [
    'case "$command $previous" in',
    ...values.map(indented),
    'esac',
    'if [[ $current == -* ]]; then',
    '  case "$command" in',
    ...all.map((command) => `    ${quoted(command.name)}) ${offers.options(command)} ;;`),
    '  esac',
    'elif [[ $command == "" ]]; then',
    `  ${offers.commands(commands)}`,
    'else',
    '  case "$command $position" in',
    ...positions.map((line) => `    ${line}`),
    '  esac',
    'fi',
  ]
    .map(indented)
    .join('\n');
}

function indented(line: string): string {
  return `  ${line}`;
}

function valued({ name, options }: CompletedCommand): { at: string; value: Completion }[] {
  return options.flatMap(({ flag, value }) =>
    value === null ? [] : [{ at: quoted(`${name} ${flag}`), value }],
  );
}

import type { CompletedProgram } from './command-tree.ts';
import type { Completion } from './words.ts';

/** The completion for fish: `ftplab completion fish | source`, or a file in ~/.config/fish/completions. */
export function fishCompletion({ commands, itself }: CompletedProgram): string {
  return `${[
    '# ftplab, completion for fish: ftplab completion fish | source',
    'complete -c ftplab -f',
    ...itself.options.map(
      ({ flag, description }) =>
        `complete -c ftplab -n __fish_use_subcommand -l ${flag.replace(/^--/, '')} -d ${quoted(description)}`,
    ),
    ...commands.flatMap(({ name, description, options, positions }) => {
      const within = `complete -c ftplab -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
      return [
        `complete -c ftplab -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
        ...options.map(
          ({ flag, description: text, value }) =>
            `${within} -l ${flag.replace(/^--/, '')}${valueTakenBy(value)} -d ${quoted(text)}`,
        ),
        ...positions
          .slice(0, 1)
          .map(argumentOf)
          .filter((argument) => argument !== '')
          .map((argument) => `${within}${argument}`),
      ];
    }),
  ].join('\n')}\n`;
}

function valueTakenBy(completion: Completion | null): string {
  if (completion === null) return '';
  return completion.kind === 'files' ? ' -r -F' : ` -x${argumentOf(completion)}`;
}

function argumentOf(completion: Completion): string {
  if (completion.kind === 'words')
    return ` -a ${quoted(completion.words.join(' '))}${completion.orFile ? ' -F' : ''}`;
  return completion.kind === 'files' ? ' -F' : '';
}

/** In single quotes, in which fish has two escapes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

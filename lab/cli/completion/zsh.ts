import { shellQuoted as quoted } from '../../shell-quoted.ts';
import type { CompletedCommand, CompletedProgram } from './command-tree.ts';
import { cases, valueFlags } from './posix.ts';

/** The completion for zsh: sourced (`source <(ftplab completion zsh)`), or as a file `_ftplab` in a folder of $fpath. */
export function zshCompletion(program: CompletedProgram): string {
  const described = (what: string, entries: readonly (readonly [word: string, description: string])[]) =>
    `candidates=(${entries.map(([word, text]) => quoted(`${word}:${text}`)).join(' ')}); _describe ${what} candidates`;
  const offers = {
    words: (words: readonly string[]) => {
      const list = `candidates=(${words.map(quoted).join(' ')})`;
      const paths = words.some((word) => word.includes('/'));
      return paths ? `${list}; _multi_parts / candidates` : `${list}; compadd -a candidates`;
    },
    files: '_files',
    options: ({ options }: CompletedCommand) =>
      described(
        'option',
        options.map(({ flag, description }) => [flag, description]),
      ),
    commands: (all: readonly CompletedCommand[]) =>
      described(
        'command',
        all.map(({ name, description }) => [name, description]),
      ),
  };
  return `#compdef ftplab
# ftplab, completion for zsh: source <(ftplab completion zsh)

_ftplab() {
  local current="$words[CURRENT]" previous="$words[CURRENT-1]" command= position=0 i
  local -a candidates
  for ((i = 2; i < CURRENT; i++)); do
    case "$command $words[i]" in
      ${valueFlags(program)}) ((i++)) ;;
      *' -'*) ;;
      *) if [[ $command == "" ]]; then command="$words[i]"; else ((position++)); fi ;;
    esac
  done
${cases(program, offers)}
}

# As a file of $fpath this is the function itself; sourced, it has to be announced.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _ftplab "$@"; else compdef _ftplab ftplab; fi
`;
}

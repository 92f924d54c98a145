import { shellQuoted as quoted } from '../../shell-quoted.ts';
import type { CompletedCommand, CompletedProgram } from './command-tree.ts';
import { cases, valueFlags } from './posix.ts';

/** The completion for bash (4 or later), to be sourced: `source <(ftplab completion bash)`. */
export function bashCompletion(program: CompletedProgram): string {
  const offer = (words: readonly string[]) => `_ftplab_offer ${words.map(quoted).join(' ')}`;
  const offers = {
    words: offer,
    files: 'compopt -o default 2>/dev/null',
    options: ({ options }: CompletedCommand) => offer(options.map(({ flag }) => flag)),
    commands: (all: readonly CompletedCommand[]) => offer(all.map(({ name }) => name)),
  };
  return `# ftplab, completion for bash: source <(ftplab completion bash)

# Offers those words that go on from $current, up to their next slash.
_ftplab_offer() {
  local word rest last=
  for word in "$@"; do
    [[ $word == "$current"* ]] || continue
    rest="\${word#"$current"}"
    if [[ $rest == */* ]]; then word="$current\${rest%%/*}/"; fi
    [[ $word == "$last" ]] && continue
    last="$word"
    COMPREPLY+=("$word")
    if [[ $word == */ ]]; then compopt -o nospace 2>/dev/null; fi
  done
}

_ftplab() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command= position=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command \${COMP_WORDS[i]}" in
      ${valueFlags(program)}) ((i++)) ;;
      *' -'*) ;;
      *) if [[ $command == "" ]]; then command="\${COMP_WORDS[i]}"; else ((position++)); fi ;;
    esac
  done
${cases(program, offers)}
}
complete -F _ftplab ftplab
`;
}

import type { Command } from 'commander';
import { oneOf } from '../../one-of.ts';
import { bashCompletion } from '../completion/bash.ts';
import { commandTree } from '../completion/command-tree.ts';
import { fishCompletion } from '../completion/fish.ts';
import { shells } from '../completion/words.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Context } from '../context.ts';

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

const where = `
bash, in ~/.bashrc:                 source <(ftplab completion bash)
zsh, in ~/.zshrc after compinit:    source <(ftplab completion zsh)
fish, in ~/.config/fish/config.fish:  ftplab completion fish | source`;

/** `completion`: a script that teaches a shell the commands, options, scenarios, hosts and cells. */
export function addCompletion(program: Command, context: Context): void {
  program
    .command('completion')
    .description('print the completion for a shell: commands, options, scenarios, hosts, cells')
    .argument('<shell>', shells.join(', '))
    .addHelpText('after', where)
    .action((text: string) => {
      context.output.document(writers[oneOf('shell', text, shells)](commandTree(program)));
    });
}

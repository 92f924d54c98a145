import type { Command } from 'commander';
import { oneOf } from '../../one-of.ts';
import { shells } from '../completion/shells.ts';
import type { Context } from '../context.ts';

const writers = {
  bash: async () => (await import('../completion/bash.ts')).bashCompletion,
  zsh: async () => (await import('../completion/zsh.ts')).zshCompletion,
  fish: async () => (await import('../completion/fish.ts')).fishCompletion,
};

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
    .action(async (text: string) => {
      const write = await writers[oneOf('shell', text, shells)]();
      const { commandTree } = await import('../completion/command-tree.ts');
      context.output.document(write(commandTree(program)));
    });
}

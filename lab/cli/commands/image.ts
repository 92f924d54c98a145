import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import type { Context } from '../context.ts';

/** `image`: the hosts' file systems, which namespaces need, as a file for machines without Debian's packages. */
export function addImage(program: Command, context: Context): void {
  program
    .command('image')
    .description("carry the hosts' file systems, which the namespaces engine needs, to another machine")
    .option('--save <file>', 'write them to a file, and its SHA-256 to FILE.sha256')
    .option('--load <file>', 'take them from such a file')
    .action(async ({ save, load }: { save?: string; load?: string }) => {
      const { output, interruption } = context;
      if ((save === undefined) === (load === undefined))
        throw new LabError('usage', 'one-of-two', 'Say either --save FILE or --load FILE');
      const { loadImages, saveImages } = await import('../../engine/namespaces/image-archive.ts');
      const options = {
        progress: (message: string) => output.progress(message),
        signal: interruption.signal,
      };
      const { file, sha256 } =
        save === undefined ? await loadImages(load ?? '', options) : await saveImages(save, options);
      output.result(`${save === undefined ? 'Loaded' : 'Saved'} ${file}, SHA-256 ${sha256}`);
    });
}

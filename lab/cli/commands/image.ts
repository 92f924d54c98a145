import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import type { Context } from '../context.ts';

interface ImageOptions {
  readonly save?: string;
  readonly load?: string;
  readonly build?: string | true;
}

const imageHelp = `
--save and --load carry what the namespaces engine needs to a Linux without Debian's packages.
--build makes an image for Docker, Podman, CI and Kubernetes: it runs the lab without a network and without privileges.
docs/one-image.md has the flags that it needs.`;

/** `image`: the hosts' file systems as a file, or the whole lab as an image. */
export function addImage(program: Command, context: Context): void {
  program
    .command('image')
    .description(
      "carry the lab to another machine: the hosts' file systems as a file, or all of it as an image",
    )
    .option('--save <file>', 'write them to a file, and its SHA-256 to FILE.sha256')
    .option('--load <file>', 'take them from such a file')
    .option('--build [tag]', 'build an image that holds the whole lab (default tag: isa-ftp-lab)')
    .addHelpText('after', imageHelp)
    .action(async ({ save, load, build }: ImageOptions) => {
      const { output, interruption } = context;
      if ([save, load, build].filter((given) => given !== undefined).length !== 1)
        throw new LabError('usage', 'one-of-three', 'Say one of --save FILE, --load FILE and --build [TAG]');
      if (build !== undefined) return buildImage(build === true ? 'isa-ftp-lab' : build, context);
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

async function buildImage(tag: string, { output, interruption }: Context): Promise<void> {
  const { findDaemon } = await import('../../engine/docker/find-daemon.ts');
  const { buildLabImage } = await import('../../engine/docker/images/lab-image.ts');
  const progress = (message: string) => output.progress(message);
  const options = { progress, signal: interruption.signal, install: false };
  await buildLabImage(await findDaemon(), tag, options);
  output.result(`Built ${tag}`);
}

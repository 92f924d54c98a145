import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabError, type Progress } from '../../../errors.ts';
import { ownFile } from '../../../own-files.ts';
import { shippedImages } from '../../../stack/images.ts';
import { systemArchive } from '../../namespaces/image-archive.ts';
import type { Daemon } from '../find-daemon.ts';
import { baseImage, hasImage } from './base-image.ts';
import { buildContext } from './build.ts';
import { removeOldImages } from './old-images.ts';

/** An image with Node.js, which a registry has. */
const withNode = 'node:22-bookworm-slim';

/**
 * Builds an image that holds the whole lab and needs no Docker engine where it runs. Throws LabError `lab-image-needs-linux`, or
 * `image-build-failed` and the other errors of images, or the signal's reason.
 */
export async function buildLabImage(
  daemon: Daemon,
  tag: string,
  { progress, signal, install }: { progress: Progress; signal: AbortSignal; install: boolean },
): Promise<void> {
  if (process.platform !== 'linux')
    throw new LabError(
      'environment',
      'lab-image-needs-linux',
      `The image is built on Linux, and this is ${process.platform}`,
      'Build it on Linux, for instance in CI, and push it to a registry; or carry it over with "docker save" and "docker load".',
    );
  const context = await mkdtemp(join(tmpdir(), 'ftplab-image-lab-'));
  try {
    const root = join(context, 'root');
    await mkdir(join(root, 'opt/isa-ftp-lab'), { recursive: true });
    progress('Installing the package for the image');
    await installPackage(join(root, 'opt/isa-ftp-lab'), signal);
    progress("Taking the hosts' file systems");
    await systemArchive(join(context, 'hosts.tar'), { progress, signal });
    const base = await nodeBase(daemon, root, { progress, signal, install });
    await copyFile(ownFile('lab/engine/images/lab/Dockerfile'), join(context, 'Dockerfile'));
    progress(`Building image ${tag}`);
    await buildContext(daemon, { what: `Image ${tag}`, context, tag, base }, signal);
    await removeOldImages(daemon, shippedImages().tags);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** The package with what it needs to run, as npm installs it for users. */
async function installPackage(folder: string, signal: AbortSignal): Promise<void> {
  const npm = (args: readonly string[], cwd: string) =>
    promisify(execFile)('npm', args, { cwd, signal, maxBuffer: 2 ** 24 }).catch(
      (error: { stderr?: string }) => {
        signal.throwIfAborted();
        throw new LabError(
          'environment',
          'image-build-failed',
          `npm ${args[0]} failed:\n${(error.stderr ?? String(error)).trim().split('\n').slice(-8).join('\n')}`,
          'Does "npm install" work on this machine?',
          { cause: error },
        );
      },
    );
  const own = ownFile('.');
  // A clone is built first; an installed package is.
  const isClone = existsSync(ownFile('bin/build.js'));
  const { stdout } = await npm(
    ['pack', '--json', '--pack-destination', folder, ...(isClone ? [] : ['--ignore-scripts'])],
    own,
  );
  const [{ filename = '' } = {}] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename?: string }[];
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(
    ['install', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock', join(folder, filename)],
    folder,
  );
  await rm(join(folder, filename));
  await rm(join(folder, 'package.json'));
}

/** An image with Node.js: the registry's, else a Debian with this machine's own Node.js copied into `root`. */
async function nodeBase(
  daemon: Daemon,
  root: string,
  options: { progress: Progress; signal: AbortSignal; install: boolean },
): Promise<string> {
  if (await hasImage(daemon, withNode)) return withNode;
  const base = await baseImage(daemon, options);
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await cp(process.execPath, join(root, 'usr/local/bin/node'), { dereference: true });
  return base;
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageVersion, outdated } from '../old-images.ts';
import { runningLabs } from './running-lab.ts';

interface Folder extends ImageVersion {
  /** Below the folder of the images. */
  readonly path: string;
}

/**
 * The folders below `folder`, which is that of the images, that may be removed ({@link outdated}). `current` ones are those that
 * this version of the program needs.
 */
export function oldFolders(folder: string, current: readonly string[]): string[] {
  const needed = new Set(
    [...current, ...mountedLayers()].map((layer) => layer.replace(/^([0-9a-f]{12})\/.*/, '$1')),
  );
  const found = ['', 'files'].flatMap((under) =>
    readdirSync(join(folder, under))
      .map((name) => join(under, name))
      .filter((path) => path !== 'files')
      .map(
        (path): Folder => ({
          path,
          image: imageOf(path),
          usedAt: usedAt(join(folder, path)),
          needed: needed.has(path),
        }),
      ),
  );
  return outdated(found, Date.now()).map(({ path }) => path);
}

/** `files/vsftpd-0123456789ab`, or what Debian's packages were unpacked into, whose name is a digest alone. */
function imageOf(path: string): string {
  return path.replace(/-?[0-9a-f]{12}.*$/, '');
}

/** Its modification time is set whenever a lab begins to use it. */
function usedAt(path: string): number {
  return statSync(path).mtimeMs;
}

/** The layers that running labs use, according to the mount options in the kernel. */
function mountedLayers(): string[] {
  return runningLabs().flatMap(({ pid }) => {
    try {
      const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
      return [...mounts.matchAll(/lowerdir=([^, ]*)/g)].flatMap(([, lower = '']) =>
        lower.split(':').map((layer) => layer.replace(/^.*\/images\//, '')),
      );
    } catch {
      return []; // it has ended since
    }
  });
}

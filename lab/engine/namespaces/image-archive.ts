import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../../errors.ts';
import { shellQuoted } from '../../shell-quoted.ts';
import type { WorkOptions } from '../engine.ts';
import {
  currentFolders,
  ensureLayers,
  hasSystem,
  imagesFolder,
  runPipeline,
  systemDigest,
  unpack,
} from './layers.ts';
import { userNamespaceOptions } from './privileges.ts';

/** An archive of the hosts' file systems. */
export interface Archive {
  readonly file: string;
  /** In hexadecimal; also in FILE.sha256, as sha256sum(1) reads it. */
  readonly sha256: string;
}

/**
 * Writes the hosts' file systems into a file (tar, compressed by xz), and its SHA-256 beside it; makes them first if they are
 * missing. Throws LabError as {@link ensureLayers} does.
 */
export async function saveImages(file: string, options: WorkOptions = {}): Promise<Archive> {
  await writeSystem([systemDigest()], `xz -T0 -6 > ${shellQuoted(file)}`, options, () =>
    options.progress?.(`Compressing the hosts' file systems into ${file}`),
  );
  const sha256 = await digestOf(file);
  await writeFile(`${file}.sha256`, `${sha256}  ${basename(file)}\n`);
  return { file, sha256 };
}

/** The same as a tar archive that is not compressed, with the lab's own files, for an image in which nothing can be added to them. */
export async function systemArchive(file: string, options: WorkOptions = {}): Promise<void> {
  await writeSystem(currentFolders(), `cat > ${shellQuoted(file)}`, options);
}

/** Makes the hosts' file systems if they are missing, and pipes a tar archive of these folders of them into a command. */
async function writeSystem(
  folders: readonly string[],
  into: string,
  options: WorkOptions,
  onMade = () => {},
): Promise<void> {
  await ensureLayers(options);
  onMade();
  const tar = ['tar', '--create', '--numeric-owner', '--directory', imagesFolder(), ...folders];
  await runPipeline(
    `${['unshare', ...userNamespaceOptions(), ...tar].map(shellQuoted).join(' ')} | ${into}`,
    [],
    options.signal,
  );
}

/**
 * Takes the hosts' file systems from a file. Throws LabError `archive-damaged` if it does not have the SHA-256 in FILE.sha256,
 * and `archive-of-another-version` if it has other file systems than this version of the lab needs.
 */
export async function loadImages(file: string, { signal, progress }: WorkOptions = {}): Promise<Archive> {
  if (!existsSync(file))
    throw new LabError(
      'usage',
      'unreadable',
      `${file} does not exist`,
      '"ftplab image --save FILE" writes such a file.',
    );
  const sha256 = await digestOf(file);
  if (existsSync(`${file}.sha256`)) {
    const expected = (await readFile(`${file}.sha256`, 'utf8')).split(/\s/)[0];
    if (expected !== sha256)
      throw new LabError(
        'usage',
        'archive-damaged',
        `${file} has the SHA-256 ${sha256}, and ${file}.sha256 says ${expected}`,
        'Copy both files again.',
      );
  } else progress?.(`${file}.sha256 is not there, so the archive is used without a check`);
  if (!hasSystem()) await unpack(`cat ${shellQuoted(file)}`, [], { whole: true, signal });
  return { file, sha256 };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

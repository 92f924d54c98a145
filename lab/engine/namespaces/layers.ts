import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rmdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { duration } from '../../duration.ts';
import { LabError } from '../../errors.ts';
import { type ImageName, imageNames } from '../../network/topology.ts';
import { shellQuoted } from '../../shell-quoted.ts';
import { agentPath, shippedImages } from '../../stack/images.ts';
import { aptOptions, hostSources } from '../apt-of-this-machine.ts';
import { debianSources } from '../apt-sources.ts';
import type { PrepareOptions } from '../engine.ts';
import { findProgram } from '../install-packages.ts';
import { oldFolders } from './old-images.ts';
import { environment, userNamespaceOptions } from './privileges.ts';

const release = 'bookworm';
const layersScript = () => join(shippedImages().sources.folder, 'make-layers');

/** Images whose packages conflict with each other, so that they cannot be in the base. */
const layered: readonly ImageName[] = ['vsftpd', 'proftpd', 'pure-ftpd'];

/** Hooks of mmdebstrap that merge /usr from the start; else a package does so later, and brings all of Perl for it. */
const mergedUsr = '/usr/share/mmdebstrap/hooks/merged-usr';

/** What nobody reads is not unpacked, and nothing is synchronized with the disk: what is not finished is made again. */
const dpkgOptions = [
  'force-unsafe-io',
  ...['doc', 'man', 'locale', 'info'].map((name) => `path-exclude=/usr/share/${name}/*`),
];

/** Where everything about images is: `$XDG_CACHE_HOME/isa-ftp-lab/images`, else below `~/.cache`. */
export function imagesFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'isa-ftp-lab', 'images');
}

/** The folder below {@link imagesFolder} for what is made from Debian's packages, named by a digest of its sources. */
export function systemDigest(): string {
  const hash = createHash('sha256').update(readFileSync(layersScript()));
  const { folder } = shippedImages().sources;
  for (const image of ['base', ...imageNames])
    for (const file of [
      'packages',
      'build-packages',
      'setup',
      'build',
      'lab-probe.c',
      'lab-caps.c',
      'lab-flush.c',
    ]) {
      const path = join(folder, image, file);
      if (existsSync(path)) hash.update(`${image}/${file}\0`).update(readFileSync(path)).update('\0');
    }
  return hash.digest('hex').slice(0, 12);
}

/** Whether the slow part of the images has been made. */
export function hasSystem(): boolean {
  return existsSync(join(imagesFolder(), systemDigest(), 'base'));
}

/** The layers of an image below {@link imagesFolder}, the topmost first, whether they are there or not. */
export function layersOf(name: ImageName): string[] {
  const system = systemDigest();
  return [
    filesOf(name),
    ...(layered.includes(name) ? [`${system}/${name}`] : []),
    filesOf('base'),
    `${system}/base`,
  ];
}

function filesOf(name: ImageName | 'base'): string {
  const { tags } = shippedImages();
  return `files/${(name === 'base' ? tags.base : tags.images[name]).replace(/^.*\//, '').replace(':', '-')}`;
}

/** Makes what is missing of the images. Throws LabError `no-base-image` or `image-build-failed`, or the signal's reason. */
export async function ensureLayers(options: PrepareOptions = {}): Promise<void> {
  const before = hasSystem() && imageNames.every((name) => existsSync(join(imagesFolder(), filesOf(name))));
  for (const name of ['base', ...imageNames] as const) writeFiles(name);
  if (!hasSystem()) await makeSystem(options);
  const current = currentFolders();
  for (const name of current) markUsed(join(imagesFolder(), name));
  if (before) return;
  for (const path of oldFolders(imagesFolder(), current)) await removeAll(join(imagesFolder(), path));
}

/** Folders below {@link imagesFolder} that this version of the program needs. */
export function currentFolders(): string[] {
  return [systemDigest(), ...(['base', ...imageNames] as const).map(filesOf)];
}

/** For {@link oldFolders}. A user who may not write there removes nothing either. */
function markUsed(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {}
}

/** The project's own files of an image, which change more often than Debian's. */
function writeFiles(name: ImageName | 'base'): void {
  const folder = join(imagesFolder(), filesOf(name));
  if (existsSync(folder)) return;
  const { sources } = shippedImages();
  const made = `${folder}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  cpSync(join(sources.folder, name, 'root'), made, { recursive: true });
  if (name !== 'base') writeFileSync(join(made, agentPath.replace(/^root\//, '')), sources.agent);
  // Independent of this user's umask, because users other than root read them in the lab.
  for (const entry of readdirSync(made, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    chmodSync(path, entry.isDirectory() || path.includes('/bin/') ? 0o755 : 0o644);
  }
  chmodSync(made, 0o755);
  try {
    renameSync(made, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // another process was faster
  }
}

/** Debian's part of the images, by mmdebstrap(1), from the mirrors that this machine uses itself. */
async function makeSystem({ progress = () => undefined, signal }: PrepareOptions): Promise<void> {
  needMmdebstrap();
  const start = performance.now();
  progress("Making the hosts' file systems from Debian packages (mmdebstrap)");
  const { folder } = shippedImages().sources;
  const packages = (image: string) =>
    readFileSync(join(folder, image, 'packages'), 'utf8')
      .trim()
      .split(/\s+/);
  // Every package without a conflict, so that the layers are small; two of the servers share openbsd-inetd.
  const included = [...packages('base'), ...packages('firewall'), 'netbase', 'openbsd-inetd', 'openssl'];
  const args = [
    ...[
      '--variant=essential',
      `--include=${included.join(',')}`,
      '--aptopt=Acquire::Languages "none"',
      // By dpkg alone: mmdebstrap's own filter (--dpkgopt) costs a quarter of a second a package.
      `--setup-hook=mkdir -p "$1/etc/dpkg/dpkg.cfg.d"; printf '%s\\n' ${dpkgOptions.map(shellQuoted).join(' ')} > "$1/etc/dpkg/dpkg.cfg.d/isa-ftp-lab"`,
    ],
    ...(existsSync(mergedUsr) ? [`--hook-dir=${mergedUsr}`] : []),
    ...aptOptions(),
    `--customize-hook=copy-in ${folder} /tmp`,
    `--customize-hook=upload ${layersScript()} /tmp/make-layers`,
    `--customize-hook=unshare --mount sh "$1/tmp/make-layers" "$1" ${layered.join(' ')}`,
    ...[release, '-', ...debianSources(hostSources(), release)],
  ];
  await unpack('mmdebstrap "$@"', args, { signal });
  progress(`Made them (${duration(performance.now() - start)})`);
}

/**
 * Makes the folder of {@link systemDigest} from a tar archive that a command in bash writes to its output: mmdebstrap's, which
 * is a base with the layers in its folder `layers`, or one of the folder itself.
 */
export async function unpack(
  command: string,
  args: readonly string[],
  { whole = false, signal }: { readonly whole?: boolean; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const digest = systemDigest();
  const folder = join(imagesFolder(), digest);
  await mkdir(imagesFolder(), { recursive: true });
  const made = await mkdtemp(`${folder}.`);
  const tar = [
    ...['unshare', ...userNamespaceOptions(), 'tar', '--extract', '--numeric-owner', '--same-permissions'],
    ...['--exclude=./dev/*', '--exclude=./tmp/*', '--directory', made],
  ];
  const decompressed = whole ? `${command} | xz -d` : command;
  try {
    await runPipeline(`${decompressed} | ${tar.map(shellQuoted).join(' ')}`, args, signal);
    if (!whole) await arrange(made);
    const from = whole ? join(made, digest) : made;
    if (!existsSync(from))
      throw new LabError(
        'usage',
        'archive-of-another-version',
        'The archive was made by a version of the lab that has other packages',
        'Make one with this version: ftplab image --save FILE',
      );
    await rename(from, folder).catch((error) => {
      if (!hasSystem()) throw error; // another process was faster
    });
  } finally {
    await removeAll(made);
  }
}

/** Runs commands in bash; all have to succeed. Throws LabError `image-build-failed`, or the signal's reason. */
export async function runPipeline(
  commands: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  // In its own process group, because mmdebstrap waits for the apt that it runs.
  const child = spawn('bash', ['-c', `set -o pipefail; ${commands}`, 'bash', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: environment(),
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-20_000);
  });
  const stop = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  signal?.addEventListener('abort', stop, { once: true });
  const failure = await ending(child);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (failure !== null) throw imagesFailed(said, failure);
}

/** From a base with its layers in it to the layers side by side. */
async function arrange(folder: string): Promise<void> {
  const base = `${folder}.base`;
  await rename(folder, base);
  await mkdir(folder, { mode: 0o755 });
  for (const name of layered) await rename(join(base, 'layers', name), join(folder, name));
  await rmdir(join(base, 'layers'));
  await chmod(base, 0o755);
  await rename(base, join(folder, 'base'));
}

/** Also files that belong to subordinate ids. */
async function removeAll(folder: string): Promise<void> {
  const remove = ['rm', '-rf', folder, `${folder}.base`];
  await ending(spawn('unshare', [...userNamespaceOptions(), ...remove], { stdio: 'ignore' }));
}

function ending(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : `it ended with ${signal ?? `status ${code}`}`),
    );
  });
}

function imagesFailed(said: string, failure: string): LabError {
  const lines = [...said.split('\n'), failure].filter((line) => line.trim() !== '').slice(-12);
  return new LabError(
    'environment',
    'image-build-failed',
    `The hosts' file systems could not be made:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    'Packages come from a Debian mirror: does "apt-get update" work on this machine? "ftplab image --load FILE" takes an archive that was made elsewhere.',
  );
}

function needMmdebstrap(): void {
  if (findProgram('mmdebstrap') !== undefined) return;
  throw new LabError(
    'environment',
    'no-base-image',
    "The hosts' file systems are not there, and mmdebstrap, which makes them from Debian packages, is not installed",
    'As root on Debian or Ubuntu run "ftplab doctor --fix" or "apt-get install mmdebstrap"; elsewhere "ftplab image --load FILE" takes an archive that was made on Debian.',
  );
}

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { release, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Check } from '../../model/check.ts';
import { type About, about, settled } from '../settled-check.ts';
import { hasSystem, imagesFolder } from './layers.ts';
import { environment, inUserNamespace, mayMakeNamespaces, userNamespaceOptions } from './privileges.ts';
import { sandboxKind } from './sandbox.ts';
import { namespaces } from './try-in-namespaces.ts';

const run = promisify(execFile);

/** The hosts' file systems and what making them needs meanwhile, in bytes. */
const spaceNeeded = 2 ** 30;

type Found = Omit<Check, keyof About>;

/** What this machine has of what the namespaces engine needs, each thing tried. */
export async function checkNamespaces(): Promise<Check[]> {
  const every = (name: string, purpose: string, check: () => Promise<Found>) =>
    settled(about(name, purpose, 'all'), check);
  return Promise.all([
    every('engine', 'runs the lab', checkEngine),
    ...(mayMakeNamespaces()
      ? []
      : [every('subordinate ids', 'other users in the lab: root, upload, ftp', checkIds)]),
    every('namespaces', 'a network, processes and files for each host', checkSpaces),
    every('overlay mounts', "the hosts' file systems", checkOverlay),
    every('sandbox', 'a host that sees nothing of this machine', checkSandbox),
    every('disk space', "the hosts' file systems", checkSpace),
    every('images', 'the hosts of the lab', checkImages),
  ]);
}

async function checkEngine(): Promise<Found> {
  const who = mayMakeNamespaces() ? 'root' : `user ${userInfo().username}, in a user namespace`;
  return { ok: true, detail: `namespaces of Linux ${release()}, as ${who}` };
}

async function checkIds(): Promise<Found> {
  const { username, uid } = userInfo();
  const lacking = ['/etc/subuid', '/etc/subgid'].filter((file) => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return !text.split('\n').some((line) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`));
  });
  if (lacking.length === 0)
    return { ok: true, detail: `${username} has a range in /etc/subuid and /etc/subgid` };
  return {
    ok: false,
    detail: `${username} has no range in ${lacking.join(' and ')}`,
    fix: `As root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
  };
}

/** Tries a command in new namespaces. */
async function tried(options: readonly string[], command: readonly string[], worked: string): Promise<Found> {
  try {
    await run('unshare', [...userNamespaceOptions(), ...options, ...command], {
      timeout: 10_000,
      env: environment(),
    });
    return { ok: true, detail: worked };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return { ok: false, detail: (stderr || message).trim(), fix: cure(stderr ?? '') };
  }
}

const checkSpaces = () => tried(namespaces, ['true'], 'can be made');

const checkOverlay = () =>
  tried(
    namespaces,
    [
      'sh',
      '-ec',
      `mount -t tmpfs try /run; mkdir /run/a /run/b /run/c /run/d
mount -t overlay o -o lowerdir=/run/a,upperdir=/run/b,workdir=/run/c${inUserNamespace() ? ',userxattr' : ''} /run/d`,
    ],
    'can be mounted',
  );

async function checkSandbox(): Promise<Found> {
  if ((await sandboxKind()) === 'moved-root')
    return { ok: true, detail: 'bubblewrap may not use pivot_root here; mounts and a moved root do instead' };
  return tried(
    namespaces,
    ['bwrap', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--unshare-pid', 'true'],
    'bubblewrap works',
  );
}

/** What is usually in the way. */
function cure(said: string): string {
  const setting = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined);
  if (setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1')
    return 'AppArmor denies it to ordinary users (Ubuntu 23.10 and later). Run the lab as root, or let all programs do it until the next boot; as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0';
  if (setting('/proc/sys/kernel/unprivileged_userns_clone') === '0')
    return 'As root: sysctl -w kernel.unprivileged_userns_clone=1';
  if (setting('/proc/sys/user/max_user_namespaces') === '0')
    return 'As root: sysctl -w user.max_user_namespaces=10000';
  if (/newuidmap|newgidmap/.test(said)) return 'As root: apt-get install uidmap';
  if (/pivot_root/.test(said))
    return 'In a container, add --security-opt seccomp=unconfined --security-opt systempaths=unconfined.';
  return 'Run as root, or use a Docker engine (--engine docker).';
}

async function checkSpace(): Promise<Found> {
  let folder = imagesFolder();
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const inGiB = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const needed = hasSystem() ? 0 : spaceNeeded;
  const detail = `${inGiB(free)} free in ${folder}${needed === 0 ? '' : `, ${inGiB(needed)} are needed`}`;
  return free >= needed
    ? { ok: true, detail }
    : { ok: false, detail, fix: 'Set XDG_CACHE_HOME to another folder.' };
}

async function checkImages(): Promise<Found> {
  return hasSystem()
    ? { ok: true, detail: `made, in ${imagesFolder()}` }
    : { ok: false, detail: 'not made', fix: '"ftplab up" and "ftplab run" make them.' };
}

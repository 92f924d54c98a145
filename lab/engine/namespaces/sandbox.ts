import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { shellQuoted } from '../../shell-quoted.ts';
import type { DesiredContainer } from '../stack-file.ts';
import { environment, mayMakeNamespaces } from './privileges.ts';
import { commandOf } from './processes.ts';
import { confinedTo, environmentOf, hostNameOf, limitedTo } from './rights.ts';

/**
 * What confines a host: bubblewrap, or the same mounts made by mount(8), with the host's root moved over the machine's (as
 * switch_root(8) does it). The latter is for containers whose seccomp profile lets root mount but refuses pivot_root(2), which
 * bubblewrap needs; Docker's default profile is one.
 */
export type SandboxKind = 'bubblewrap' | 'moved-root';

/** Bit of the filtering mode in the field Seccomp of /proc/PID/status (proc(5)). */
const filtered = '2';

let kind: Promise<SandboxKind> | undefined;

/** Which kind works here. Only root behind a seccomp filter has to try. */
export function sandboxKind(): Promise<SandboxKind> {
  kind ??= findKind();
  return kind;
}

async function findKind(): Promise<SandboxKind> {
  const [, mode] = /^Seccomp:\s*(\d)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (mode !== filtered || !mayMakeNamespaces()) return 'bubblewrap';
  try {
    const command = ['--mount', 'bwrap', '--ro-bind', '/', '/', 'true'];
    await promisify(execFile)('unshare', command, { env: environment(), timeout: 10_000 });
    return 'bubblewrap';
  } catch (error) {
    return /pivot_root/.test((error as { stderr?: string }).stderr ?? '') ? 'moved-root' : 'bubblewrap';
  }
}

/** A host to confine. */
export interface Confined {
  readonly desired: DesiredContainer;
  /** Folder that becomes its root; a mount point. */
  readonly root: string;
  readonly command: readonly string[];
  /** Capabilities (capabilities(7)), without their prefix. */
  readonly capabilities: readonly string[];
}

/**
 * Settings of the whole machine, which its root may change from wherever it sees them: bubblewrap leaves /proc/sys as it is, since
 * that folder itself cannot be written to, and core_pattern in it names a program that the machine runs.
 */
const machinesOwn = ['/proc/sys', '/proc/fs', '/proc/irq', '/proc/bus', '/proc/sysrq-trigger'];

/** The command that runs a host's command in its sandbox. */
export function sandbox(how: SandboxKind, host: Confined): string[] {
  return how === 'bubblewrap' ? bubblewrap(host) : movedRoot(host);
}

/** bwrap(1) and what it runs. */
function bubblewrap({ desired, root, command, capabilities }: Confined): string[] {
  return [
    'bwrap',
    ...[desired.readOnly ? '--ro-bind' : '--bind', root, '/'],
    ...Object.entries(desired.tmpfs).flatMap(([path, options]) => inMemory(path, options)),
    ...['--dev', '/dev', '--ro-bind', '/sys', '/sys'],
    ...['--proc', '/proc', ...machinesOwn.flatMap((path) => ['--ro-bind-try', path, path])],
    ...['--unshare-pid', '--unshare-uts', '--unshare-ipc', '--hostname', hostname(desired)],
    ...['--die-with-parent', '--chdir', '/', '--cap-drop', 'ALL'],
    ...capabilities.flatMap((capability) => ['--cap-add', `CAP_${capability}`]),
    '--clearenv',
    ...environmentOf(desired).flatMap(([name, value]) => ['--setenv', name, value]),
    '--',
    ...limitedTo(desired),
    ...confinedTo(capabilities),
    ...command,
  ];
}

function hostname(desired: DesiredContainer): string {
  return desired.hostname ?? hostNameOf(desired);
}

/** What the first process of such a host is called; it waits for the host's command, as bubblewrap's does. */
const waiting = 'isa-ftp-lab-waiting';

/** unshare(1), a script that makes what bubblewrap makes, and what it runs. */
function movedRoot({ desired, root, command, capabilities }: Confined): string[] {
  const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
  const inside = [
    ...['unshare', '--root=.', '--wd=/', 'env', '--ignore-environment'],
    ...environmentOf(desired).map(([name, value]) => `${name}=${value}`),
    ...limitedTo(desired),
    ...confinedTo(capabilities),
    ...['sh', '-c', '"$@" & wait "$!"', waiting, ...command],
  ];
  const script = [
    'cd "$1"',
    ...Object.entries(desired.tmpfs).flatMap(([path, options]) => [
      `mkdir -p .${shellQuoted(path)}`,
      `mount -t tmpfs -o nosuid,nodev,${shellQuoted(options)} tmpfs .${shellQuoted(path)}`,
    ]),
    'mount -t tmpfs -o nosuid,mode=755 dev dev',
    `for device in ${devices.join(' ')}; do : > dev/$device; mount --bind /dev/$device dev/$device; done`,
    'mkdir dev/pts dev/shm',
    'mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts',
    'ln -s pts/ptmx dev/ptmx',
    'ln -s /proc/self/fd dev/fd',
    ...['stdin', 'stdout', 'stderr'].map((name, number) => `ln -s /proc/self/fd/${number} dev/${name}`),
    'mount --bind -o ro /sys sys',
    'mount -t proc -o nosuid,nodev,noexec proc proc',
    `echo ${shellQuoted(hostname(desired))} > proc/sys/kernel/hostname`,
    `for path in ${machinesOwn.map((path) => path.slice(1)).join(' ')}; do [ ! -e $path ] || mount --bind -o ro $path $path; done`,
    ...(desired.readOnly ? ['mount -o remount,bind,ro .'] : []),
    'mount --move . /',
    `exec ${inside.map(shellQuoted).join(' ')}`,
  ].join('\n');
  return [
    ...['unshare', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'],
    ...['sh', '-ec', script, 'sh', root],
  ];
}

/** Whether a process is a host's sandbox: the parent of the host's first process. */
export function isSandbox(pid: number): boolean {
  const [program] = commandOf(pid);
  return program === 'bwrap' || program === 'unshare';
}

/** Whether a host's first process has done with its mounts, and so has only processes of the host below it. */
export function isConfined(init: number, first: number): boolean {
  const command = commandOf(init);
  // Before bubblewrap has changed the root, the child of its first process is a bwrap too.
  return command[0] === 'bwrap' ? commandOf(first)[0] !== 'bwrap' : command.includes(waiting);
}

/** Options of tmpfs(5) that bubblewrap can set. */
const tmpfsOptions = { size: /^size=(\d+)m$/, mode: /^mode=([0-7]{3,4})$/ };

/** What of a folder's options cannot be set; `undefined` if all can. */
export function unknownTmpfsOption(options: string): string | undefined {
  const known = Object.values(tmpfsOptions);
  return options.split(',').find((option) => !known.some((pattern) => pattern.test(option)));
}

function inMemory(path: string, options: string): string[] {
  const given = (pattern: RegExp) =>
    options.split(',').flatMap((option) => pattern.exec(option)?.slice(1) ?? []);
  return [
    ...given(tmpfsOptions.size).flatMap((size) => ['--size', String(Number(size) * 2 ** 20)]),
    ...given(tmpfsOptions.mode).flatMap((mode) => ['--perms', mode.padStart(4, '0')]),
    ...['--tmpfs', path],
  ];
}

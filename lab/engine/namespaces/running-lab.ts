import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DesiredLab } from '../stack-file.ts';
import { childrenOf, commandOf, lives, processes } from './processes.ts';
import { isConfined, isSandbox } from './sandbox.ts';
import { labFolder } from './script.ts';

/** What marks the first process of a lab: its command line ends with this word and the lab's name. */
export const marker = 'isa-ftp-lab';

/** A lab whose first process runs. */
export interface RunningLab {
  readonly name: string;
  /** Of its first process. */
  readonly pid: number;
}

/** A host's place in a lab. */
export interface RunningHost {
  /** Of the process with which all processes of the host end. */
  readonly sandbox: number;
  /** Of the host's first process. */
  readonly init: number;
}

/** The labs on this machine that this user may look into, known only from the kernel's list of processes. */
export function runningLabs(): RunningLab[] {
  return processes().flatMap((pid) => {
    const command = commandOf(pid);
    const [word, name] = command.slice(-2);
    // The script of the first process; unshare(1) has the same words after its own.
    if (command[0] !== 'sh' || word !== marker || name === undefined) return [];
    return isFirstProcess(pid) ? [{ name, pid }] : [];
  });
}

/** Where labs were found last: all processes of the machine need not be looked through for each process in a host. */
const known = new Map<string, number>();

/** The lab of that name, if it runs. */
export function runningLab(name: string): RunningLab | undefined {
  const pid = known.get(name);
  if (pid !== undefined && commandOf(pid).at(-1) === name && isFirstProcess(pid)) return { name, pid };
  const found = runningLabs().find((lab) => lab.name === name);
  if (found) known.set(name, found.pid);
  return found;
}

/** Whether a lab of that name runs on this machine. */
export function standsInNamespaces(name: string): boolean {
  return process.platform === 'linux' && runningLab(name) !== undefined;
}

/**
 * Whether a process is the first of a namespace of processes right below this one. A lab in a container on this machine is further
 * below and belongs to that container, whatever its name.
 */
function isFirstProcess(pid: number): boolean {
  const status = readStatus(pid);
  const ids = /^NSpid:\s*(.*)$/m.exec(status)?.[1]?.split('\t') ?? [];
  return ids.length === 2 && ids[1] === '1' && existsSync(inside(pid, 'lab.json'));
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** Path of a file of a lab, in {@link labFolder}, for processes outside it. */
export function inside(pid: number, ...path: string[]): string {
  return join(`/proc/${pid}/root`, labFolder, ...path);
}

/** What a lab was made from. */
export function recordOf({ pid }: RunningLab): DesiredLab {
  return JSON.parse(readFileSync(inside(pid, 'lab.json'), 'utf8')) as DesiredLab;
}

/** Notes what a lab is made from; another process that reads it meanwhile finds what was noted before. */
export function noteRecord({ pid }: RunningLab, desired: DesiredLab): void {
  const next = inside(pid, 'lab.json.next');
  writeFileSync(next, JSON.stringify(desired));
  renameSync(next, inside(pid, 'lab.json'));
}

/** Hosts that were seen running, by the id of their lab's first process. */
const seen = new Map<number, Map<string, RunningHost>>();

/**
 * The hosts of a lab that have started, by name. The kernel's list of a process' children may miss some while others start and
 * end (proc(5)), so a host that was seen once counts while its process lives.
 */
export function runningHosts({ pid }: RunningLab): Map<string, RunningHost> {
  const before = seen.get(pid) ?? new Map<string, RunningHost>();
  const found = new Map([...before].filter(([, { sandbox, init }]) => isSandbox(sandbox) && lives(init)));
  const known = new Set([...found.values()].map(({ sandbox }) => sandbox));
  for (const shell of childrenOf(pid))
    for (const sandbox of childrenOf(shell)) {
      if (known.has(sandbox)) continue;
      const init = childrenOf(sandbox).at(0);
      if (!isSandbox(sandbox) || init === undefined || !lives(init)) continue;
      const first = childrenOf(init).at(0);
      if (first === undefined || !isConfined(init, first)) continue;
      found.set(hostOf(commandOf(sandbox)), { sandbox, init });
    }
  seen.set(pid, found);
  return found;
}

/** One of {@link runningHosts}. */
export function runningHost(lab: RunningLab, host: string): RunningHost | undefined {
  const known = seen.get(lab.pid)?.get(host);
  return known && isSandbox(known.sandbox) && lives(known.init) ? known : runningHosts(lab).get(host);
}

/** A host's name in the arguments of its sandbox: its root is `/run/lab/HOST/root`. */
function hostOf(command: readonly string[]): string {
  const root = command.find((word) => word.startsWith(`${labFolder}/`) && word.endsWith('/root'));
  return root?.split('/').at(-2) ?? '';
}

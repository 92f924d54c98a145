import { readdirSync, readFileSync } from 'node:fs';

/** Ids of all processes that this process can see. */
export function processes(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** A process' command line, word by word; empty if it is gone. */
export function commandOf(pid: number): string[] {
  return (read(pid, 'cmdline') ?? '').split('\0').slice(0, -1);
}

/** A process' children (proc(5), "task/[tid]/children"). */
export function childrenOf(pid: number): number[] {
  const text = read(pid, `task/${pid}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

/** Whether a process is there and has not ended. */
export function lives(pid: number): boolean {
  const state = /\) (\w)/.exec(read(pid, 'stat') ?? '')?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Interfaces of a process' network namespace. */
export function interfacesOf(pid: number): string[] {
  return [...(read(pid, 'net/dev') ?? '').matchAll(/^\s*([^\s:]+):/gm)].map(([, name = '']) => name);
}

/** Ends a process at once; one that is gone already is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

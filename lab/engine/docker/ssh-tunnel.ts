import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An engine's socket on another machine. */
export interface RemoteSocket {
  /** `ssh://[user@]host[:port]`, as ssh(1) takes it. */
  readonly destination: string;
  /** Path of the socket on that machine. */
  readonly path: string;
}

/**
 * Brings a socket of another machine here by ssh(1), which knows the user's settings, keys and known hosts; returns its path
 * here. One session carries any number of connections. It ends with this process, however that ends: on the other machine
 * a `cat` waits for the end of its input. Rejects with what ssh said, or when the signal aborts.
 */
export function openTunnel({ destination, path }: RemoteSocket, signal: AbortSignal): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ftplab-ssh-'));
  const here = join(folder, 'docker.sock');
  const options = ['BatchMode=yes', 'ExitOnForwardFailure=yes'].flatMap((option) => ['-o', option]);
  const ssh = spawn('ssh', ['-T', ...options, '-L', `${here}:${path}`, destination, 'cat'], {
    detached: true, // Ctrl-C is for this process, which still has to clean up over there
  });
  const end = () => {
    ssh.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  ssh.stdin.on('error', () => undefined);
  // Forwardings are set up before the command runs.
  ssh.stdin.write('\n');
  return new Promise<string>((resolve, reject) => {
    let said = '';
    ssh.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    ssh.stdout.once('data', () => {
      ssh.unref();
      for (const stream of [ssh.stdin, ssh.stdout, ssh.stderr]) (stream as unknown as Socket).unref();
      resolve(here);
    });
    ssh.once('error', ({ message }) => reject(new Error(`ssh does not start: ${message}`)));
    ssh.once('close', () => reject(new Error(said.trim().split('\n').at(-1) || 'ssh ended without a word')));
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  }).catch((error) => {
    end();
    throw error;
  });
}

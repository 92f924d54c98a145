import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/ftplab.js', import.meta.url));

/** What a command came to. `status` is null where a signal ended it. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command and how it ends. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard output or error matches; rejects where the command ends before. */
  readonly saying: (pattern: RegExp) => Promise<void>;
}

/** Runs `ftplab` as a user does, without a terminal and without the caller's colour settings; `by` runs it, if given. */
export function startFtplab(
  args: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
    readonly input?: string;
    readonly by?: readonly string[];
  } = {},
): Started {
  const { NO_COLOR: _no, FORCE_COLOR: _force, COLUMNS: _columns, ...inherited } = process.env;
  const [program = process.execPath, ...first] = [...(options.by ?? []), process.execPath, bin];
  const child = spawn(program, [...first, ...args], {
    env: { ...inherited, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const heard = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    heard();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    heard();
  });
  child.stdin.on('error', () => {}); // the command may end without reading
  child.stdin.end(options.input ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
  const saying = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!pattern.test(stdout) && !pattern.test(stderr)) return;
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
      ended.then(
        ({ status }) =>
          reject(new Error(`ended with ${status} before it said ${pattern}:\n${stdout}${stderr}`)),
        reject,
      );
    });
  return { child, ended, saying };
}

/** Runs `ftplab` to its end. */
export function ftplab(args: readonly string[], options?: Parameters<typeof startFtplab>[1]): Promise<Ended> {
  return startFtplab(args, options).ended;
}

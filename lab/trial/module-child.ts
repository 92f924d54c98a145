import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Where in the code that was run something happened: line from 1, column from 0, both as the code has them. */
export interface CodePosition {
  readonly line: number;
  readonly column: number;
}

/** What running a module came to. `at`: the places that are to blame, the innermost first. */
export type ModuleOutcome =
  /** The module's exports, as plain data. */
  | { readonly kind: 'exports'; readonly exports: Readonly<Record<string, unknown>> }
  /** It, or what it left running, threw. */
  | { readonly kind: 'throws'; readonly error: ThrownError; readonly at: readonly CodePosition[] }
  /** It called process.exit. */
  | { readonly kind: 'exits'; readonly at: readonly CodePosition[] }
  /** It awaits what does not come. */
  | { readonly kind: 'awaits'; readonly at: readonly CodePosition[] }
  /** It does not end within the time limit. */
  | { readonly kind: 'endless'; readonly at: readonly CodePosition[] }
  /** The lab was interrupted meanwhile, and stopped it. */
  | { readonly kind: 'interrupted' }
  /** The process died, mostly of too little memory. */
  | { readonly kind: 'dies'; readonly how: string };

/** An error as another process can tell of it. The last three are a LabError's. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly labKind?: 'usage' | 'environment';
  readonly hint?: string;
}

/** How long a module that has come to its end is listened to for what it left running, in milliseconds. */
const aftermath = 300;

/** How much memory it may take, in megabytes. */
const memoryLimit = 512;

/**
 * What stands before the code, on one line. It reports by IPC, which libuv writes at once, also out of a loop that never
 * ends. `$at` and `$awaiting` are what `watchedCode` has the code call, `$done` what its last line calls.
 */
const preludeFor = (timeLimit: number): string =>
  `
const { $at, $awaiting, $done } = (() => {
  const send = process.send.bind(process), now = performance.now.bind(performance);
  const started = now(), pending = new Map();
  let rounds = 0, told = false, over = false;
  const tell = (message) => { if (told) return; told = true; try { send(message); } catch {} };
  const lines = (stack) => [...String(stack).matchAll(/\\[eval1\\]:(\\d+):/g)].map(([, line]) => ({ line: line - 1, column: 0 })).filter(({ line }) => line > 0);
  const describe = (error) => {
    try {
      if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
      const { name, message, code, kind, hint } = error;
      const lab = name === 'LabError' ? { labKind: kind, hint } : {};
      return { name: String(name), message: String(message), ...(code && { code: String(code) }), ...lab };
    } catch { return { name: 'Error', message: 'an error that cannot be read' }; }
  };
  const fail = (error) => {
    let stack = ''; try { stack = error.stack; } catch {}
    tell({ kind: 'throws', error: describe(error), at: lines(stack) });
    process.reallyExit(0);
  };
  const last = () => [...pending.values()].slice(-1);
  process.on('uncaughtException', fail);
  process.on('exit', () => { if (!over) tell({ kind: 'awaits', at: last() }); });
  process.on('message', () => { tell({ kind: over ? 'exits' : 'awaits', at: last() }); });
  process.channel.unref();
  send('begins');
  process.exit = () => { tell({ kind: 'exits', at: lines(new Error().stack) }); process.reallyExit(0); };
  const plain = (value, depth, budget) => {
    if (++budget.spent > 100000 || depth > 50) throw new Error('its default export is too large, or refers to itself');
    if (typeof value === 'function') return 'function ' + value.name;
    if (typeof value === 'symbol' || typeof value === 'bigint') return String(value);
    if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1, budget));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.keys(value).map((key) => [key, plain(value[key], depth + 1, budget)]));
  };
  return {
    $at(line, column) {
      if ((++rounds & 1023) === 0 && now() - started > ${timeLimit}) { tell({ kind: 'endless', at: [{ line, column }] }); process.reallyExit(0); }
    },
    $awaiting(line, column, value) {
      const key = {}; pending.set(key, { line, column });
      const done = () => pending.delete(key);
      try { Promise.resolve(value).then(done, done); } catch { done(); }
      return value;
    },
    $done(module) {
      try {
        const exports = plain({ ...module }, 0, { spent: 0 });
        over = true;
        send({ kind: 'exports', exports });
      } catch (error) { fail(error); }
    },
  };
})();`.replaceAll(/\n */g, ' ');

/**
 * Runs code that `watchedCode` has prepared, in a process of its own that may read files but neither write any nor start
 * programs (Node's permission model), for so many milliseconds at most from when it begins. Its output goes nowhere.
 */
export function runModule(code: string, timeLimit: number): Promise<ModuleOutcome> {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      permission,
      '--allow-fs-read=*',
      `--max-old-space-size=${memoryLimit}`,
      '--input-type=module',
      '-',
    ],
    // No terminal's Ctrl-C of its own: whoever started it ends it.
    { stdio: ['pipe', 'ignore', 'ignore', 'ipc'], serialization: 'advanced', detached: true },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    kill();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, interrupt);
  return new Promise<ModuleOutcome>((resolve, reject) => {
    let outcome: ModuleOutcome | undefined;
    const timers: NodeJS.Timeout[] = [];
    child.on('message', (message) => {
      if (message === 'begins') {
        timers.push(setTimeout(() => child.send('where', () => undefined), timeLimit + 500));
        timers.push(setTimeout(kill, timeLimit + 1000));
        return;
      }
      if (outcome === undefined || outcome.kind === 'exports') outcome = message as ModuleOutcome;
      setTimeout(kill, outcome.kind === 'exports' ? aftermath : 0);
    });
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    // What the module said may be read only after its process has ended.
    Promise.all([exited, once(child, 'disconnect')]).then(([[status, signal]]) => {
      timers.forEach(clearTimeout);
      process.off('exit', kill);
      for (const name of signals) process.off(name, interrupt);
      const dies = { kind: 'dies', how: signal ?? `status ${status}` } as const;
      const killed = interrupted
        ? ({ kind: 'interrupted' } as const)
        : ({ kind: 'endless', at: [] } as const);
      resolve(outcome ?? (signal === 'SIGKILL' ? killed : dies));
    }, reject);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${preludeFor(timeLimit)}\n${code}`);
  });
}

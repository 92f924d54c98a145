import { Writable } from 'node:stream';
import { main } from '../../lab/cli/main.ts';
import type { Ended } from './run-ftplab.ts';

/**
 * Runs the command line within this process, which costs a hundredth of a process of its own: for what a command prints and
 * how it ends. One at a time, since `env` is the process' own meanwhile; a variable that is `undefined` is not set.
 */
export async function ftplab(
  args: readonly string[],
  { env = {} }: { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const [stdout, stderr] = [new Text(), new Text()];
  const restore = setEnvironment({ ...env, NO_COLOR: undefined, FORCE_COLOR: undefined, COLUMNS: undefined });
  try {
    const status = await main(args, { stdout, stderr });
    return { status, stdout: stdout.text, stderr: stderr.text };
  } finally {
    restore();
  }
}

class Text extends Writable {
  text = '';
  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk;
    done();
  }
}

function setEnvironment(values: NodeJS.ProcessEnv): () => void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  const set = (wanted: NodeJS.ProcessEnv) => {
    for (const [name, value] of Object.entries(wanted))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
  set(values);
  return () => set(before);
}

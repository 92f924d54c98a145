import { spawnSync } from 'node:child_process';

/** Runs a tool to its end, with `input`; `output` is what it printed, or its message if it failed. */
export function run(
  command: string,
  args: readonly string[] = [],
  input = '',
): { readonly failed: boolean; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 2 ** 28,
  });
  // A tool that refuses a big file at one of its first lines does not read the rest; its message says why.
  const said = (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE' && status !== null;
  if (error && !said) return { failed: true, output: `${command}: ${error.message}` };
  return status === 0
    ? { failed: false, output: stdout }
    : { failed: true, output: (stderr || stdout).trim() };
}

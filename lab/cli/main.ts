import { createProgram } from './command-line.ts';
import { type Context, createContext } from './context.ts';
import { exitStatus } from './exit-status.ts';
import { Interruption } from './interruption.ts';
import { Output, type OutputStream } from './output.ts';
import { reportError } from './report-error.ts';

/**
 * Runs the command line `argv` (without node and script) and returns its exit status: 0 everything as expected, 1
 * something differs, 2 usage error or nothing ran, 3 this machine cannot run the lab (or the lab has a defect), 130
 * interrupted.
 */
export async function main(
  argv: readonly string[],
  { stdout, stderr }: { readonly stdout: OutputStream; readonly stderr: OutputStream } = process,
): Promise<number> {
  const output = new Output(stdout, stderr, process.env);
  using interruption = new Interruption((text) => output.message(text));
  const context = createContext(output, interruption);
  try {
    await createProgram(context).parseAsync(argv, { from: 'user' });
  } catch (error) {
    return failed(context, error);
  }
  if (interruption.uncaught) return failed(context, interruption.uncaught.error);
  const cutShort = interruption.signal.aborted && !context.endsByInterruption;
  return cutShort ? exitStatus.interrupted : context.status;
}

function failed({ output, interruption }: Context, thrown: unknown): number {
  const { uncaught, signal } = interruption;
  const { lines, status } = reportError(
    uncaught ? uncaught.error : thrown,
    Boolean(process.env.FTPLAB_DEBUG),
  );
  for (const line of lines) output.message(line);
  return signal.aborted && !uncaught ? exitStatus.interrupted : status;
}

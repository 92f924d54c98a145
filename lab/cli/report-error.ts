import { CommanderError } from 'commander';
import { LabError } from '../errors.ts';
import { printable } from '../printable.ts';
import { exitStatus } from './exit-status.ts';
import { Interrupted } from './interruption.ts';

/**
 * How an error is shown to the user: the lines to print, and the exit status. A LabError shows its message and hint.
 * Anything else is a defect of the lab and shows its stack, status 3. If cleaning up failed too, both are shown.
 */
export function reportError(error: unknown, debug: boolean): { lines: string[]; status: number } {
  if (isSuppressed(error)) {
    const first = reportError(error.suppressed, debug);
    const second = reportError(error.error, debug);
    const same = first.lines.join('\n') === second.lines.join('\n');
    return { lines: same ? first.lines : [...first.lines, ...second.lines], status: first.status };
  }
  // Commander has printed its message already.
  if (error instanceof CommanderError)
    return { lines: [], status: error.exitCode === 0 ? exitStatus.asExpected : exitStatus.usage };
  if (error instanceof Interrupted) return { lines: [], status: exitStatus.interrupted };
  if (error instanceof LabError) {
    const lines = [`ftplab: ${printable(error.message)}`];
    if (error.hint !== undefined) lines.push(`  ${printable(error.hint)}`);
    if (debug) lines.push(stackOf(error));
    return { lines, status: error.kind === 'usage' ? exitStatus.usage : exitStatus.environment };
  }
  return { lines: ['ftplab: internal error', stackOf(error)], status: exitStatus.environment };
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return printable(error.stack ?? error.message) + cause;
}

/** The error of `await using` if both the block and the disposal threw (ECMAScript's SuppressedError). */
function isSuppressed(error: unknown): error is { readonly error: unknown; readonly suppressed: unknown } {
  return error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error;
}

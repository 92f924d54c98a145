import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../lab/cli/interruption.ts';
import { reportError } from '../../lab/cli/report-error.ts';
import { LabError } from '../../lab/errors.ts';

const usage = new LabError('usage', 'no-match', 'Nothing matches "x"', 'Did you mean "y"?');
const environment = new LabError('environment', 'no-engine', 'No Docker engine answers');

function suppressed(first: unknown, second: unknown): Error {
  return Object.assign(new Error('both failed'), {
    name: 'SuppressedError',
    error: second,
    suppressed: first,
  });
}

describe('reportError', () => {
  it.each([
    ['usage', usage, 2, ['ftplab: Nothing matches "x"', '  Did you mean "y"?']],
    ['environment', environment, 3, ['ftplab: No Docker engine answers']],
    ['commander usage', new CommanderError(1, 'commander.unknownOption', ''), 2, []],
    ['help', new CommanderError(0, 'commander.helpDisplayed', ''), 0, []],
    ['interrupted', new Interrupted('interrupted'), 130, []],
    [
      'failed, and clean-up failed',
      suppressed(usage, environment),
      2,
      ['ftplab: Nothing matches "x"', '  Did you mean "y"?', 'ftplab: No Docker engine answers'],
    ],
    ['both failed alike', suppressed(environment, environment), 3, ['ftplab: No Docker engine answers']],
  ])('%s', (_what, error, status, lines) => {
    expect(reportError(error, false)).toEqual({ status, lines });
  });

  it('shows the stack of a LabError only when debugging', () => {
    expect(reportError(usage, true).lines.join('\n')).toContain('report-error.test.ts');
  });

  it('shows the stack and the cause of an unexpected error', () => {
    const { lines, status } = reportError(
      new TypeError('x is not a function', { cause: new Error('deeper') }),
      false,
    );
    expect(status).toBe(3);
    expect(lines.join('\n')).toMatch(
      /TypeError: x is not a function\n {4}at [\s\S]*caused by Error: deeper\n {4}at /,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { complaintOf, terraformFailed } from '../../../lab/engine/terraform/messages.ts';

const line = (severity: string, summary: string, detail?: string) =>
  JSON.stringify({
    '@message': `${severity}: ${summary}`,
    type: 'diagnostic',
    diagnostic: { severity, summary, detail },
  });

const forPeople = `There are some problems with the CLI configuration:
╷
│ Warning: Unable to open CLI configuration file
│
│ The CLI configuration file at "/home/me/.terraformrc" does not exist.
╵


Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
kreuzwerker/docker: no such host

To see which modules are currently depending on kreuzwerker/docker and what
versions are specified, run the following command:
    terraform providers
`;

describe('complaintOf', () => {
  it.each([
    ['an error with detail', { stdout: line('error', 'No', 'Because.') }, 'No: Because.'],
    ['an error twice', { stdout: `${line('error', 'No')}\n${line('error', 'No')}` }, 'No'],
    ['two errors', { stdout: `${line('error', 'A')}\n${line('error', 'B')}` }, 'A; B'],
    ['no warning', { stdout: `${line('warning', 'Old')}\nnot JSON\n{broken\n${line('error', 'No')}` }, 'No'],
    [
      'text for people',
      { stderr: forPeople },
      'Failed to query available provider packages Could not retrieve the list of available versions for provider kreuzwerker/docker: no such host',
    ],
    ['other text', { stderr: 'killed\n' }, 'killed'],
    ['nothing', {}, 'it printed no message'],
  ])('tells %s', (_what, output, complaint) => {
    expect(complaintOf({ code: 1, stdout: '', stderr: '', ...output })).toBe(complaint);
  });
});

it('recognises a clash of addresses', () => {
  const stdout = line(
    'error',
    'Unable to create network: Pool overlaps with other one on this address space',
  );
  expect(terraformFailed('bring the lab up', { code: 1, stdout, stderr: '' })).toMatchObject({
    code: 'address-clash',
    message: expect.stringMatching(/^Terraform could not bring the lab up: Unable to create network/),
  });
});

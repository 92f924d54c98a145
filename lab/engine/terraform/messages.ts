import { LabError } from '../../errors.ts';
import type { Ran } from './run-terraform.ts';

/** Terraform's own message about a failure: the diagnostics among its JSON lines, or else standard error. */
export function complaintOf({ stdout, stderr }: Ran): string {
  const errors = stdout.split('\n').flatMap((line) => {
    const message = readMessage(line);
    const diagnostic = message?.diagnostic;
    if (diagnostic?.severity !== 'error') return [];
    return [[diagnostic.summary, diagnostic.detail].filter(Boolean).join(': ')];
  });
  return [...new Set(errors)].join('; ') || plain(stderr) || plain(stdout) || 'it printed no message';
}

/** The errors in Terraform's human-readable text, without frames, warnings and advice. */
function plain(text: string): string {
  const whole = text.replace(/[╷│╵]/g, '');
  const error =
    /^\s*Error: ([\s\S]*?)(?:^\s*(?:Warning: |To see which modules|If you believe)|(?![\s\S]))/m.exec(whole);
  return (error?.[1] ?? whole)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}

/** A line of Terraform's machine-readable output. */
export interface Message {
  readonly '@message': string;
  readonly type: string;
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail?: string;
  };
}

/** A line of `-json` output, or `undefined` for another line. */
export function readMessage(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}

/** A failure of Terraform as a LabError; `what` completes the sentence "Terraform could not ...". */
export function terraformFailed(what: string, ran: Ran): LabError {
  const complaint = complaintOf(ran);
  const clash = /pool overlaps/i.test(complaint);
  return new LabError(
    'environment',
    clash ? 'address-clash' : 'terraform-failed',
    `Terraform could not ${what}: ${complaint}`,
    clash ? 'Remove that network, or give the lab other ranges (--subnet NAME=CIDR).' : undefined,
  );
}

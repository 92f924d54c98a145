import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../lab/firewall/refusal-watch.ts';
import {
  type FailureKind,
  type ObservedStep,
  type StepName,
  stepNames,
  type TransferMode,
} from '../../lab/ftp/attempt.ts';
import { type Evidence, judge } from '../../lab/verdict/judge.ts';

const refusal = (action: 'accept' | 'drop' | 'reject'): Refusal => ({
  firewall: 'isa-y',
  packet: {
    at: '2005-09-01T00:00:00.000Z',
    protocol: 'tcp',
    source: '192.168.20.10:42344',
    destination: '198.51.100.21:50089',
    flags: 'SYN',
    met: [],
    decision: { action, table: 'filter', chain: 'FORWARD', rule: 'Default rule' },
  },
});

function step(name: StepName, failure: FailureKind | null = null, code: number | null = null): ObservedStep {
  const stored = name.startsWith('store') && !failure ? { file: `${name}.bin`, sha256: 'aa' } : null;
  const purpose = name === 'connect' ? 'control' : 'data';
  const destination = purpose === 'control' ? '198.51.100.21:21' : '198.51.100.21:50089';
  const connection = { purpose, openedBy: 'client', step: name, source: null, destination } as const;
  const outcome = failure ? 'failed' : 'ok';
  return { name, outcome, reply: 'text', ms: 1, code, failure, connection, stored, program: null };
}

/** Evidence in which the given steps failed and, where a refusal is given, the firewall refused in that step. */
function evidence(
  failures: Partial<Record<StepName, [FailureKind, number?]>>,
  options: {
    refused?: Refusal;
    at?: StepName;
    mode?: TransferMode;
    held?: string | null;
    gaps?: true;
    redirected?: true;
  } = {},
): Evidence {
  const steps = stepNames.map((name) => step(name, failures[name]?.[0], failures[name]?.[1]));
  const held = options.held === undefined ? 'aa' : options.held;
  const file = held === null ? null : { bytes: 5, sha256: held };
  return {
    cell: {
      client: 'y-server',
      server: 'vsftpd',
      mode: options.mode ?? 'pasv',
      driver: 'basic-ftp',
      tls: false,
    },
    report: { steps, transcript: [], ms: 1 },
    traces: { [options.at ?? 'store-small']: { refusal: options.refused, forwarded: !options.redirected } },
    traceComplete: !options.gaps,
    files: { 'store-small.bin': file, 'store-large.bin': file },
  };
}

describe('judge', () => {
  const drop = refusal('drop');
  const reject = refusal('reject');
  const table: [what: string, Evidence, cause: string, failedAt: StepName | null, firewall: string | null][] =
    [
      ['everything arrived', evidence({}), 'none', null, null],
      [
        'a listing alone failed: the upload is what counts',
        evidence({ list: ['data-unanswered'] }),
        'none',
        null,
        null,
      ],
      [
        'SYN to port 21 dropped',
        evidence({ connect: ['control-unanswered'] }, { refused: drop, at: 'connect' }),
        'control-dropped',
        'connect',
        'isa-y',
      ],
      [
        'SYN to port 21 rejected',
        evidence({ connect: ['control-refused'] }, { refused: reject, at: 'connect' }),
        'control-refused',
        'connect',
        'isa-y',
      ],
      [
        'no daemon on port 21',
        evidence({ connect: ['control-refused'] }, { at: 'connect' }),
        'control-refused',
        'connect',
        null,
      ],
      ['wrong password', evidence({ login: ['login-denied', 530] }), 'login-denied', 'login', null],
      [
        'data SYN dropped',
        evidence({ 'store-small': ['data-unanswered'] }, { refused: drop }),
        'data-dropped',
        'store-small',
        'isa-y',
      ],
      [
        'data SYN rejected',
        evidence({ 'store-small': ['data-refused'] }, { refused: reject }),
        'data-refused',
        'store-small',
        'isa-y',
      ],
      [
        'an ICMP reject that looked like silence: the trace knows better',
        evidence({ 'store-small': ['data-unanswered'] }, { refused: reject }),
        'data-refused',
        'store-small',
        'isa-y',
      ],
      [
        'nobody listens on the data port',
        evidence({ 'store-small': ['data-refused'] }),
        'data-refused',
        'store-small',
        null,
      ],
      [
        'silence without a trace of why',
        evidence({ 'store-small': ['data-unanswered'] }),
        'inconclusive',
        'store-small',
        null,
      ],
      [
        'PORT refused',
        evidence({ 'store-small': ['data-command-refused', 500] }, { mode: 'port' }),
        'port-command-refused',
        'store-small',
        null,
      ],
      [
        'STOR refused by the filter',
        evidence({ 'store-small': ['command-refused', 500] }, { refused: refusal('accept') }),
        'command-refused-by-firewall',
        'store-small',
        'isa-y',
      ],
      [
        'STOR refused by the server',
        evidence({ 'store-small': ['command-refused', 550] }),
        'command-refused-by-server',
        'store-small',
        null,
      ],
      [
        'AUTH TLS refused by the filter',
        evidence({ login: ['tls-refused', 500] }, { refused: refusal('accept'), at: 'login' }),
        'tls-refused-by-firewall',
        'login',
        'isa-y',
      ],
      [
        'AUTH TLS refused by the server',
        evidence({ login: ['tls-refused', 530] }),
        'command-refused-by-server',
        'login',
        null,
      ],
      [
        'TLS session not reused',
        evidence({ 'store-small': ['tls-session-not-reused', 522] }),
        'tls-session-reuse-required',
        'store-small',
        null,
      ],
      ['quota', evidence({ 'store-large': ['command-refused', 552] }), 'quota-exceeded', 'store-large', null],
      [
        'stall',
        evidence({ 'store-large': ['transfer-stalled'] }),
        'stalled-mid-transfer',
        'store-large',
        null,
      ],
      [
        'STOR refused, but the trace has gaps: it may have been the filter',
        evidence({ 'store-small': ['command-refused', 500] }, { gaps: true }),
        'inconclusive',
        'store-small',
        null,
      ],
      ['other bytes on the server', evidence({}, { held: 'bb' }), 'content-mismatch', 'store-small', null],
      ['confirmed, but no file', evidence({}, { held: null }), 'content-mismatch', 'store-small', null],
    ];
  it.each(table)('%s', (_what, given, cause, failedAt, firewall) => {
    const verdict = judge(given);
    expect(verdict).toMatchObject({ cause, failedAt, firewall, uploaded: failedAt === null });
    expect(verdict.rule).toBe(firewall && 'Default rule');
    expect(verdict.packet === null).toBe(
      firewall === null || /^(command|tls)-refused-by-firewall$/.test(cause),
    );
  });

  it('says in one sentence who, whom, which rule on which firewall, and which packet', () => {
    const { sentence } = judge(evidence({ 'store-small': ['data-unanswered'] }, { refused: drop }));
    for (const part of [
      'y-server',
      'vsftpd',
      'isa-y',
      'Default rule',
      '192.168.20.10:42344',
      '198.51.100.21:50089',
    ])
      expect(sentence).toContain(part);
  });
});

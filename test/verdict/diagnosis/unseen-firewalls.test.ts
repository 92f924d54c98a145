import { describe, expect, it } from 'vitest';
import { type FailureKind, type ObservedStep, type StepName, stepNames } from '../../../lab/model/attempt.ts';
import { possibleCauses } from '../../../lab/verdict/diagnosis/unseen-firewalls.ts';
import type { Observation } from '../../../lab/verdict/finding.ts';

const cell = { client: 'here', server: 'there', mode: 'pasv', driver: 'basic-ftp', tls: false } as const;

function failedAt(name: StepName, failure: FailureKind, code: number | null = null): Observation {
  const at = stepNames.indexOf(name);
  const steps = stepNames.map((each, index): ObservedStep => {
    const outcome = index < at ? 'ok' : index === at ? 'failed' : 'skipped';
    const purpose = each === 'connect' ? 'control' : 'data';
    const connection = {
      purpose,
      openedBy: 'client',
      step: each,
      source: '192.0.2.1:40000',
      destination: '192.0.2.2:50000',
    } as const;
    const failed = index === at ? { failure, code } : { failure: null, code: null };
    return {
      name: each,
      at: index,
      outcome,
      reply: '',
      ms: 1,
      connection,
      stored: null,
      program: null,
      ...failed,
    };
  });
  const connections = steps.flatMap(({ connection, at }) =>
    connection ? [{ ...connection, ms: at, packets: [] }] : [],
  );
  const startedAt = '2005-09-01T00:00:00.000Z';
  const evidence = {
    startedAt,
    firewalls: [],
    stepStarts: {},
    transcript: [],
    connections,
    traceComplete: false,
    files: {},
  };
  return { cell, steps, evidence };
}

describe('without a view of the firewalls', () => {
  it.each<[StepName, FailureKind, number | null, string[]]>([
    ['connect', 'control-unanswered', null, ['control-dropped', 'control-refused', 'inconclusive']],
    ['connect', 'control-refused', null, ['control-refused']],
    ['login', 'login-denied', 530, ['login-denied']],
    ['store-small', 'data-unanswered', null, ['data-dropped', 'data-refused', 'inconclusive']],
    ['store-small', 'data-refused', null, ['data-refused']],
    ['store-small', 'command-refused', 550, ['command-refused-by-firewall', 'command-refused-by-server']],
    ['store-small', 'command-refused', 552, ['quota-exceeded']],
    ['store-small', 'address-refused-by-client', null, ['pasv-address-rejected-by-client']],
    ['store-large', 'transfer-stalled', 426, ['control-idle-cut', 'stalled-mid-transfer']],
    ['store-large', 'content-mismatch', null, ['content-mismatch']],
    [
      'store-large',
      'control-closed',
      null,
      ['command-refused-by-firewall', 'control-idle-cut', 'inconclusive'],
    ],
    ['login', 'tls-refused', 502, ['command-refused-by-server', 'tls-refused-by-firewall']],
  ])('%s that fails with %s (%s) leaves', (name, failure, code, causes) => {
    expect(possibleCauses(failedAt(name, failure, code)).sort()).toEqual(causes);
  });
});

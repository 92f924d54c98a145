/* Verdicts about a server that a firewall publishes at another address than its own. */
import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../lab/model/attempt.ts';
import type { ConnectionPacket } from '../../lab/model/evidence.ts';
import { cureFor } from '../../lab/verdict/cures.ts';
import type { Observation } from '../../lab/verdict/finding.ts';
import { judge } from '../../lab/verdict/judge.ts';
import { tracedPacket } from './traced-packet.ts';

const client = '198.51.100.11';
const published = '198.51.100.3';
const own = '192.168.20.10';

const helper = {
  table: 'raw',
  chain: 'PREROUTING',
  rule: '-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp',
  comment: null,
  verdict: 'continue',
};

interface Told {
  readonly reply: string;
  readonly failure: FailureKind;
  readonly helped?: boolean;
  readonly data?: readonly ConnectionPacket[];
  /** Where the data connection goes, if the client opened one. */
  readonly to?: string;
}

/** What a customer's attempt through isa-y showed, up to the small upload. */
function observation({ reply, failure, helped = false, data, to = `${published}:50000` }: Told): Observation {
  const rest = { at: 0, ms: 10, code: null, program: null, reply: '', stored: null };
  const ends = { source: `${client}:40000`, destination: `${published}:21` };
  const syn = tracedPacket({
    ...ends,
    translated: { source: ends.source, destination: `${own}:21` },
    met: helped ? [helper] : [],
  });
  const opened = {
    purpose: 'data',
    openedBy: 'client',
    step: 'store-small',
    source: `${client}:40001`,
    destination: to,
  } as const;
  const control = { ...opened, purpose: 'control', step: 'connect', ...ends, ms: 0, packets: [syn] } as const;
  const ok = (['connect', 'login'] as const).map((name) => ({ name, ...rest, connection: null }));
  return {
    cell: { client: 'customer', server: 'y-server', mode: 'pasv', driver: 'basic-ftp', tls: false },
    steps: [
      ...ok.map((step) => ({ ...step, outcome: 'ok', failure: null }) as const),
      { name: 'store-small', outcome: 'failed', failure, connection: data ? opened : null, ...rest },
    ],
    evidence: {
      startedAt: '2005-09-01T00:00:00.000Z',
      firewalls: ['isa-y'],
      stepStarts: {},
      transcript: [{ from: 'server', text: reply, ms: 5 }],
      connections: [control, ...(data ? [{ ...opened, ms: 6, packets: data }] : [])],
      traceComplete: true,
      files: {},
    },
  };
}

/** The data connection's SYN, which isa-y's INPUT chain dropped. */
const dropped = (destination: string) =>
  tracedPacket({
    source: `${client}:40001`,
    destination,
    fate: 'refused',
    decision: { action: 'drop', table: 'filter', chain: 'INPUT', rule: 'Default rule' },
  });

describe('a published server', () => {
  it('whose private address the firewall leaves in 227 wants a firewall that follows the session', () => {
    const verdict = judge(
      observation({
        reply: '227 Entering Passive Mode (192,168,20,10,195,80).',
        failure: 'address-refused-by-client',
      }),
    );
    expect(verdict).toMatchObject({ cause: 'pasv-address-rejected-by-client', firewall: null, rule: null });
    expect(verdict.sentence).toMatch(
      /isa-y publishes y-server at 198\.51\.100\.3, and leaves its private address/,
    );
    expect(cureFor(verdict).who).toBe('firewall');
  });

  it('that announces some other address is itself to blame', () => {
    const verdict = judge(
      observation({
        reply: '227 Entering Passive Mode (10,0,0,1,195,80).',
        failure: 'address-refused-by-client',
      }),
    );
    expect(verdict).not.toHaveProperty('astray');
    expect(cureFor(verdict).who).toBe('server');
  });

  it('that announces the published address itself defeats the helper', () => {
    const to = `${published}:50000`;
    const reply = '227 Entering Passive Mode (198,51,100,3,195,80).';
    const told = { reply, failure: 'data-unanswered', data: [dropped(to)], to } as const;
    const verdict = judge(observation({ ...told, helped: true }));
    expect(verdict).toMatchObject({ cause: 'data-dropped', rule: 'Default rule', astray: 'unexpected' });
    expect(verdict.sentence).toContain('itself announces 198.51.100.3 and not its own address 192.168.20.10');
    expect(cureFor(verdict).who).toBe('server');
    // Without a helper the rule alone decides.
    expect(judge(observation(told))).not.toHaveProperty('astray');
  });
});

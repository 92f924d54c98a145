import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../lab/model/cell.ts';
import type { ConnectionPacket } from '../../lab/model/evidence.ts';
import type { RuleMet } from '../../lab/model/packet.ts';
import { needsCloserLook, sameOrDiffering } from '../../lab/verdict/closer-look.ts';
import type { Observation } from '../../lab/verdict/finding.ts';
import { judge } from '../../lab/verdict/judge.ts';
import { tracedPacket } from './traced-packet.ts';

const source = '192.168.20.10:42344';
const destination = '198.51.100.21:50089';
const known = {
  ends: ['192.168.20.10', '198.51.100.3', '198.51.100.21'],
  firewalls: ['192.168.20.1', '198.51.100.3'],
  everybody: ['192.168.20.10', '192.168.20.1', '198.51.100.3', '198.51.100.21', '198.51.100.22'],
};

const syn = (change: Partial<ConnectionPacket>) => tracedPacket({ source, destination, ...change });
const reset = syn({ source: destination, destination: source, flags: 'RST ACK', own: true });
const icmp = (change: { timeExceeded?: true } = {}) =>
  syn({
    protocol: 'icmp',
    flags: '',
    source: '192.168.20.1',
    destination: '192.168.20.10',
    own: true,
    unreachable: { code: 0, mtu: null, about: { source, destination }, ...change },
  });
const nat = (rule: string, chain = 'PREROUTING'): RuleMet => ({
  table: 'nat',
  chain,
  rule: `-A ${chain} -m comment --comment "the rule" -j ${rule}`,
  comment: 'the rule',
  verdict: 'accept',
});
const answer = (change: Partial<ConnectionPacket>) =>
  syn({ source: destination, destination: source, flags: 'SYN ACK', ...change });
const queue: RuleMet = { ...nat('NFQUEUE --queue-num 3'), table: 'filter', verdict: 'unknown verdict 3' };
const zone: RuleMet = { ...nat('CT --zone 1'), table: 'raw', verdict: 'continue' };
const ttl: RuleMet = { ...nat('TTL --ttl-set 1'), table: 'mangle', verdict: 'continue' };

/** An attempt whose small upload fails as no data connection comes about. */
function observation(packets: ConnectionPacket[], failure = 'data-unanswered' as const): Observation {
  const rest = { at: 0, ms: 10, code: null, program: null, reply: '', stored: null };
  const opened = { purpose: 'data', openedBy: 'client', step: 'store-small', source, destination } as const;
  const ok = (['connect', 'login', 'list'] as const).map((name) => ({ name, ...rest, connection: null }));
  return {
    cell: { client: 'y-server', server: 'vsftpd', mode: 'pasv', driver: 'basic-ftp', tls: false },
    known,
    steps: [
      ...ok.map((step) => ({ ...step, outcome: 'ok', failure: null }) as const),
      { name: 'store-small', outcome: 'failed', failure, connection: opened, ...rest },
    ],
    evidence: {
      startedAt: '2005-09-01T00:00:00.000Z',
      firewalls: ['isa-y'],
      stepStarts: {},
      transcript: [],
      connections: [{ ...opened, ms: 0, packets }],
      traceComplete: true,
      files: {},
    },
  };
}

describe('a SYN that no rule refused', () => {
  it.each<[string, ConnectionPacket[], string, string | null, Verdict['astray'], RegExp]>([
    [
      'redirected to the firewall, which resets it',
      [syn({ fate: 'local', met: [nat('REDIRECT --to-ports 9')] }), reset],
      'data-refused',
      'the rule',
      'turned',
      /isa-y itself, which answers instead of vsftpd/,
    ],
    [
      'turned to where the firewall has no route',
      [syn({ fate: 'lost', lostAt: 'routing', met: [nat('DNAT --to-destination 172.20.0.9')] }), icmp()],
      'data-refused',
      'the rule',
      'turned',
      /redirects it to 172\.20\.0\.9, to which isa-y has no route/,
    ],
    [
      'turned to loopback',
      [syn({ fate: 'lost', lostAt: 'routing', met: [nat('DNAT --to-destination 127.0.0.1')] })],
      'data-dropped',
      'the rule',
      'turned',
      /127\.0\.0\.1, an address that no packet on a network may have, so the kernel drops it silently/,
    ],
    [
      'turned to an address that nobody has',
      [syn({ fate: 'lost', lostAt: 'leaving', met: [nat('DNAT --to-destination 198.51.100.200')] })],
      'data-dropped',
      'the rule',
      'turned',
      /198\.51\.100\.200, an address that no host has/,
    ],
    [
      'turned to an address that nobody has, if the client waits until the firewall says so',
      [syn({ fate: 'lost', lostAt: 'leaving', met: [nat('DNAT --to-destination 198.51.100.200')] }), icmp()],
      'data-dropped',
      'the rule',
      'turned',
      /198\.51\.100\.200, an address that no host has/,
    ],
    [
      'turned to another host, which resets it',
      [
        syn({
          translated: { source, destination: '198.51.100.22:50089' },
          met: [nat('DNAT --to-destination 198.51.100.22')],
        }),
        { ...reset, own: true },
      ],
      'data-refused',
      'the rule',
      'turned',
      /198\.51\.100\.22, and that host answers/,
    ],
    [
      'sent on in the name of nobody',
      [
        syn({
          translated: { source: '198.51.100.250:42344', destination },
          met: [nat('SNAT --to-source 198.51.100.250', 'POSTROUTING')],
        }),
      ],
      'data-dropped',
      'the rule',
      'other-source',
      /source address 198\.51\.100\.250, which no host has, so the reply does not come back/,
    ],
    [
      'masqueraded behind the firewall as usual, and unanswered',
      [
        syn({
          translated: { source: '198.51.100.3:42344', destination },
          met: [nat('MASQUERADE', 'POSTROUTING')],
        }),
      ],
      'data-dropped',
      null,
      undefined,
      /dropped beyond them/,
    ],
    [
      'whose TTL ran out',
      [syn({ fate: 'lost', lostAt: 'routing', met: [ttl] }), icmp({ timeExceeded: true })],
      'data-refused',
      'the rule',
      'kernel',
      /TTL expires at isa-y, after rule "the rule" set it/,
    ],
    [
      'that a full connection table dropped',
      [syn({ fate: 'lost', lostAt: 'tracking' })],
      'data-dropped',
      null,
      'kernel',
      /connection tracking dropped it/,
    ],
    [
      'that the reverse-path filter dropped, by its counter',
      [syn({ fate: 'lost', lostAt: 'routing', lostBy: 'reverse-path-filter' })],
      'data-dropped',
      null,
      'kernel',
      /every rule of isa-y lets it pass, but the kernel drops it when it looks for a route \(reverse-path filter, rp_filter/,
    ],
    [
      'and whose answer went into a queue',
      [syn({}), answer({ fate: 'lost', met: [queue] })],
      'data-dropped',
      'the rule',
      'queued',
      /the reply to it is lost: rule "the rule" on isa-y puts it in a queue/,
    ],
    [
      'and whose answer the firewall took for itself',
      [syn({}), answer({ fate: 'local', met: [zone] }), { ...reset, source, destination }],
      'data-dropped',
      'the rule',
      'untracked',
      /isa-y keeps the reply to it instead of forwarding it, .* \(rule "the rule" decides/,
    ],
  ])('%s', (_what, packets, cause, rule, way, says) => {
    const verdict = judge(observation(packets));
    expect(verdict).toMatchObject({ cause, rule });
    expect(verdict.astray).toBe(way);
    expect(verdict.sentence).toMatch(says);
  });
});

describe('a closer look', () => {
  const unproven = observation([]);

  it('is taken if nothing proves why an attempt failed on its way through firewalls', () => {
    expect(needsCloserLook(unproven)).toBe(true);
    expect(needsCloserLook({ ...unproven, evidence: { ...unproven.evidence, firewalls: [] } })).toBe(false);
    expect(needsCloserLook(observation([syn({ fate: 'lost', lostAt: 'tracking' })]))).toBe(false);
  });

  it('counts if the attempt fails at the same step', () => {
    const closer = observation([syn({ fate: 'lost', lostAt: 'tracking' })]);
    expect(judge(sameOrDiffering(unproven, closer)).cause).toBe('data-dropped');
  });

  it('leaves an attempt undecided if its second try ends differently', () => {
    const steps = unproven.steps.map((step) => ({ ...step, outcome: 'ok', failure: null }) as const);
    const verdict = judge(sameOrDiffering(unproven, { ...unproven, steps }));
    expect(verdict).toMatchObject({ cause: 'inconclusive', failedAt: 'store-small' });
    expect(verdict.sentence).toContain('ended differently');
  });
});

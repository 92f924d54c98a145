import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../lab/model/cell.ts';
import type { ConnectionPacket } from '../../lab/model/evidence.ts';
import { judge } from '../../lab/verdict/judge.ts';
import { tracedPacket } from './traced-packet.ts';

const [source, destination] = ['[2001:db8:0:2::10]:42344', '[2001:db8:0:3::21]:21'];
const syn = (change: Partial<ConnectionPacket> = {}) => tracedPacket({ source, destination, ...change });
const refused = (firewall: string, neighbour: 'solicitation' | 'advertisement' = 'solicitation') =>
  syn({
    firewall,
    protocol: 'icmp',
    flags: '',
    source: '2001:db8:0:2::10',
    destination: 'ff02::1:ff00:1',
    neighbour,
    fate: 'refused',
    met: [{ table: 'ip6 filter', chain: 'INPUT', rule: null, comment: null, verdict: 'drop' }],
    decision: { action: 'drop', table: 'ip6 filter', chain: 'INPUT', rule: 'policy INPUT DROP' },
  });

/** An attempt whose control connection does not come about. */
function verdictOf(
  packets: ConnectionPacket[],
  neighbours: ConnectionPacket[],
  firewalls = ['isa-y'],
): Verdict {
  const opened = { purpose: 'control', openedBy: 'client', step: 'connect', source, destination } as const;
  return judge({
    cell: { client: 'y-server', server: 'vsftpd', mode: 'epsv', driver: 'basic-ftp', tls: false, ipv6: true },
    known: { ends: [], firewalls: [], everybody: [] },
    steps: [
      {
        name: 'connect',
        outcome: 'failed',
        failure: 'control-refused',
        connection: opened,
        at: 0,
        ms: 3000,
        code: null,
        program: null,
        reply: 'EHOSTUNREACH',
        stored: null,
      },
    ],
    evidence: {
      startedAt: '2005-09-01T00:00:00.000Z',
      firewalls,
      stepStarts: {},
      transcript: [],
      connections: [{ ...opened, ms: 0, packets }],
      neighbours,
      traceComplete: true,
      files: {},
    },
  });
}

describe('a neighbour that is not found', () => {
  const unfound = { cause: 'control-dropped', rule: 'policy INPUT DROP', astray: 'unfound' };

  it('is named by the rule that refused the message', () => {
    const verdict = verdictOf([], [refused('isa-y')]);
    expect(verdict).toMatchObject({ ...unfound, firewall: 'isa-y' });
    expect(verdict.sentence).toBe(
      'y-server cannot reach vsftpd: rule "policy INPUT DROP" on isa-y (table ip6 filter) refuses a neighbour solicitation, so isa-y and the next host do not find each other on their link, and no packet of IPv6 goes between them (2001:db8:0:2::10 > ff02::1:ff00:1).',
    );
  });

  it.each<[string, ConnectionPacket[], string]>([
    ['the one that kept the SYN', [syn({ fate: 'lost', lostAt: 'leaving' })], 'isa-y'],
    ['the next one, which does not answer', [syn({ fate: 'lost', lostAt: 'leaving' })], 'vsftpd'],
    ['the one that kept the answer', [syn(), syn({ flags: 'SYN ACK', fate: 'lost' })], 'isa-y'],
  ])('is looked for at %s', (_what, packets, place) => {
    const verdict = verdictOf(packets, [refused(place, 'advertisement')], ['isa-y', 'vsftpd']);
    expect(verdict).toMatchObject({ ...unfound, firewall: place });
  });

  it('is none if a firewall passed all of the opening', () => {
    const passed = [syn(), syn({ flags: 'SYN ACK', source: destination, destination: source })];
    expect(verdictOf(passed, [refused('isa-y')])).not.toMatchObject({ astray: 'unfound' });
  });

  it('is none if a rule refused the SYN itself', () => {
    const decision = { action: 'drop', table: 'ip6 filter', chain: 'FORWARD', rule: 'deny' } as const;
    const verdict = verdictOf([syn({ fate: 'refused', decision })], [refused('isa-y')]);
    expect(verdict).toMatchObject({ cause: 'control-dropped', rule: 'deny' });
  });
});

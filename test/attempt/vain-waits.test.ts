import { describe, expect, it } from 'vitest';
import { type DropSense, VainWaits } from '../../lab/attempt/vain-waits.ts';
import type { AnnouncedConnection } from '../../lab/model/attempt.ts';
import type { RuleMet, SeenPacket } from '../../lab/model/packet.ts';
import { tracedPacket } from '../verdict/traced-packet.ts';

const client = '192.168.20.10:42344';
const control = '198.51.100.21:21';
const server = '198.51.100.21:50089';
const ends = { client: ['192.168.20.10'], server: ['198.51.100.21'] };

const everybody = [...ends.client, ...ends.server];

const opened = { openedBy: 'client', source: client, ms: 0 } as const;
const dataConnection: AnnouncedConnection = {
  ...opened,
  purpose: 'data',
  step: 'store-small',
  destination: server,
};
const controlConnection: AnnouncedConnection = {
  ...opened,
  purpose: 'control',
  step: 'connect',
  destination: control,
};
const syn = tracedPacket({ source: client, destination: server });
const dropped = (of: Partial<SeenPacket>, rest: Partial<SeenPacket> = {}): SeenPacket => ({
  ...syn,
  fate: 'refused',
  decision: { action: 'drop', table: 'filter', chain: 'FORWARD', rule: 'no' },
  ...of,
  ...rest,
});
const line = { flags: 'PSH ACK', destination: control };
const final: DropSense = { kind: 'final' };
const answers: DropSense = { kind: 'answers-may-pass' };
const openings: DropSense = { kind: 'openings-may-pass' };
const mayPass: DropSense = { kind: 'may-pass', within: 900 };
const queued: RuleMet = {
  table: 'filter',
  chain: 'FORWARD',
  rule: '-A FORWARD -j NFQUEUE --queue-num 3',
  comment: null,
  verdict: 'unknown verdict 3',
};
const later = { at: '2005-09-01T00:00:01.000Z' };

/** What the client was told after these packets: nothing, that no connection comes about, or that nothing comes over it. */
function told(drops: DropSense, packets: SeenPacket[], connection = dataConnection) {
  let what: 'nothing' | 'opening' | 'standing' = 'nothing';
  const vain = new VainWaits(ends, drops, everybody);
  vain.announce(connection, (stands) => {
    what = stands ? 'standing' : 'opening';
  });
  for (const packet of packets) vain.hear(packet);
  return what;
}

describe('VainWaits', () => {
  it('waits on if a host took the answer at an address of its own, and not if a firewall sent it to nobody', () => {
    const met = [{ table: 'mangle', chain: 'INPUT', rule: null, comment: null, verdict: 'accept' }];
    const answer: SeenPacket = {
      ...syn,
      flags: 'SYN ACK',
      fate: 'sent',
      translated: { source: client, destination: '10.0.0.21:20' },
    };
    expect(told(final, [{ ...answer, met, firewall: 'vsftpd' }])).toBe('nothing');
    expect(told(final, [{ ...answer, firewall: 'isa-y' }])).toBe('opening');
  });

  it('waits on if a control connection loses what only acknowledges, as the next packet acknowledges too', () => {
    const sentAgain = { ...syn, flags: 'PSH ACK', destination: control, again: true as const };
    const bare = dropped({ flags: 'ACK', source: control, destination: client });
    expect(told(final, [sentAgain, bare], controlConnection)).toBe('nothing');
    const synAckAgain = {
      ...syn,
      flags: 'SYN ACK',
      source: control,
      destination: client,
      again: true as const,
    };
    const handshake = dropped({ flags: 'ACK', destination: control });
    expect(told(final, [synAckAgain, handshake], controlConnection)).toBe('standing');
    const rejected = dropped({
      ...bare,
      decision: { action: 'reject', table: 'filter', chain: 'FORWARD', rule: 'no' },
    });
    expect(told(final, [sentAgain, rejected], controlConnection)).toBe('standing');
  });

  it.each<[string, DropSense, SeenPacket[], AnnouncedConnection, string]>([
    ['a SYN that was dropped for good', final, [dropped({})], dataConnection, 'opening'],
    ['a SYN whose like may pass, after the first', openings, [dropped({})], dataConnection, 'nothing'],
    [
      'a SYN whose like may pass, after the second',
      openings,
      [dropped({}), dropped({}, later)],
      dataConnection,
      'opening',
    ],
    [
      'a SYN by chance, after the second',
      mayPass,
      [dropped({}), dropped({}, later)],
      dataConnection,
      'opening',
    ],
    [
      'a SYN by a rate, after the second of three that it may need',
      { kind: 'may-pass', within: 2000 },
      [dropped({}), dropped({}, later)],
      dataConnection,
      'nothing',
    ],
    [
      'a SYN sent on to an address that nobody has',
      final,
      [{ ...syn, translated: { source: client, destination: '198.51.100.200:50089' } }],
      dataConnection,
      'opening',
    ],
    [
      'a SYN that went into a queue and did not come back',
      final,
      [{ ...syn, fate: 'lost', met: [queued] }],
      dataConnection,
      'opening',
    ],
    ['a SYN, if answers may pass', answers, [dropped({})], dataConnection, 'opening'],
    [
      'an answer that may pass, after the first',
      answers,
      [dropped({ flags: 'SYN ACK', source: server, destination: client })],
      dataConnection,
      'nothing',
    ],
    [
      'a SYN that passed twice, and that nobody answers',
      final,
      [syn, { ...syn, ...later }],
      dataConnection,
      'opening',
    ],
    [
      'a SYN that passed twice, as the first answer was dropped',
      answers,
      [syn, dropped({ flags: 'SYN ACK', source: server, destination: client }), { ...syn, ...later }],
      dataConnection,
      'nothing',
    ],
    ['a line dropped once', final, [dropped(line)], controlConnection, 'nothing'],
    [
      'a line that was sent again and dropped',
      final,
      [dropped(line, { again: true })],
      controlConnection,
      'standing',
    ],
    ['a line dropped by chance', mayPass, [dropped(line, { again: true })], controlConnection, 'nothing'],
    [
      'a line dropped by chance for a second',
      mayPass,
      [dropped(line, { again: true }), dropped(line, { again: true, ...later })],
      controlConnection,
      'standing',
    ],
    [
      'a line that was let pass when it was sent again',
      final,
      [{ ...syn, ...line, again: true }],
      controlConnection,
      'nothing',
    ],
    [
      "a reset of the firewall's own to the server",
      final,
      [{ ...syn, ...line, flags: 'RST', own: true }],
      controlConnection,
      'standing',
    ],
    ["the client's own reset", final, [{ ...syn, ...line, flags: 'RST' }], controlConnection, 'nothing'],
    [
      'a packet of another connection',
      final,
      [dropped({ destination: '198.51.100.21:50090' })],
      dataConnection,
      'nothing',
    ],
  ])('tells the client of %s', (_what, drops, packets, connection, expected) => {
    expect(told(drops, packets, connection)).toBe(expected);
  });

  it('no longer tells of a former control connection', () => {
    let stopped = 0;
    const vain = new VainWaits(ends, final, everybody);
    const stop = () => stopped++;
    vain.announce(controlConnection, stop);
    vain.announce({ ...controlConnection, source: '192.168.20.10:42345', step: 'store-large' }, stop);
    vain.hear(dropped(line, { again: true }));
    expect(stopped).toBe(0);
  });
});

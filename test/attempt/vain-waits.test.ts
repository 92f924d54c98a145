import { describe, expect, it } from 'vitest';
import { type DropSense, VainWaits } from '../../lab/attempt/vain-waits.ts';
import type { AnnouncedConnection } from '../../lab/model/attempt.ts';
import type { SeenPacket } from '../../lab/model/packet.ts';
import { tracedPacket } from '../verdict/traced-packet.ts';

const client = '192.168.20.10:42344';
const control = '198.51.100.21:21';
const server = '198.51.100.21:50089';
const ends = { client: ['192.168.20.10'], server: '198.51.100.21' };

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
const later = { at: '2005-09-01T00:00:01.000Z' };

/** What the client was told after these packets: nothing, that no connection comes about, or that nothing comes over it. */
function told(drops: DropSense, packets: SeenPacket[], connection = dataConnection) {
  let what: 'nothing' | 'opening' | 'standing' = 'nothing';
  const vain = new VainWaits(ends, drops);
  vain.announce(connection, (stands) => {
    what = stands ? 'standing' : 'opening';
  });
  for (const packet of packets) vain.hear(packet);
  return what;
}

describe('VainWaits', () => {
  it.each<[string, DropSense, SeenPacket[], AnnouncedConnection, string]>([
    ['a SYN that was dropped for good', 'final', [dropped({})], dataConnection, 'opening'],
    [
      'a SYN whose like may pass, after the first',
      'openings-may-pass',
      [dropped({})],
      dataConnection,
      'nothing',
    ],
    [
      'a SYN whose like may pass, after the second',
      'openings-may-pass',
      [dropped({}), dropped({}, later)],
      dataConnection,
      'opening',
    ],
    ['a SYN by chance, after the second', 'may-pass', [dropped({}), dropped({})], dataConnection, 'opening'],
    ['a line dropped once', 'final', [dropped(line)], controlConnection, 'nothing'],
    [
      'a line that was sent again and dropped',
      'final',
      [dropped(line, { again: true })],
      controlConnection,
      'standing',
    ],
    ['a line dropped by chance', 'may-pass', [dropped(line, { again: true })], controlConnection, 'nothing'],
    [
      'a line dropped by chance for a second',
      'may-pass',
      [dropped(line, { again: true }), dropped(line, { again: true, ...later })],
      controlConnection,
      'standing',
    ],
    [
      'a line that was let pass when it was sent again',
      'final',
      [{ ...syn, ...line, again: true }],
      controlConnection,
      'nothing',
    ],
    [
      "a reset of the firewall's own to the server",
      'final',
      [{ ...syn, ...line, flags: 'RST', own: true }],
      controlConnection,
      'standing',
    ],
    ["the client's own reset", 'final', [{ ...syn, ...line, flags: 'RST' }], controlConnection, 'nothing'],
    [
      'a packet of another connection',
      'final',
      [dropped({ destination: '198.51.100.21:50090' })],
      dataConnection,
      'nothing',
    ],
  ])('tells the client of %s', (_what, drops, packets, connection, expected) => {
    expect(told(drops, packets, connection)).toBe(expected);
  });

  it('no longer tells of a former control connection', () => {
    let stopped = 0;
    const vain = new VainWaits(ends, 'final');
    const stop = () => stopped++;
    vain.announce(controlConnection, stop);
    vain.announce({ ...controlConnection, source: '192.168.20.10:42345', step: 'store-large' }, stop);
    vain.hear(dropped(line, { again: true }));
    expect(stopped).toBe(0);
  });
});

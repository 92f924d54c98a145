import { describe, expect, it } from 'vitest';
import type { TracedPacket } from '../../lab/model/packet.ts';
import { isaLogEntry, isaLogHeading, isaLogLine } from '../../lab/report/text/isa-log.ts';

function packet(
  change: Partial<TracedPacket> = {},
  rule = 'Default rule',
  action: 'accept' | 'drop' | 'reject' = 'drop',
): TracedPacket {
  return {
    at: '2005-09-01T08:30:00.000Z',
    protocol: 'tcp',
    source: '192.168.20.10:42344',
    destination: '198.51.100.21:50089',
    flags: 'SYN',
    unreachable: null,
    translated: null,
    stray: false,
    met: [],
    fate: action === 'accept' ? 'sent' : 'refused',
    decision: { action, table: 'filter', chain: 'FORWARD', rule },
    ...change,
  };
}

describe('isaLogEntry', () => {
  it.each([
    ['Denied Connection', 'Unidentified IP Traffic', '0xc004000d FWX_E_POLICY_RULES_DENIED', packet()],
    [
      'Denied Connection',
      'FTP',
      '0xc004000d FWX_E_POLICY_RULES_DENIED',
      packet({ destination: '198.51.100.21:21' }),
    ],
    [
      'Denied Connection',
      'Unidentified IP Traffic',
      '0xc0040012 FWX_E_NETWORK_RULES_DENIED',
      packet({}, 'No network rule'),
    ],
    [
      'Denied Connection',
      'Unidentified IP Traffic',
      '0xc004000d FWX_E_POLICY_RULES_DENIED',
      packet({}, 'Default rule', 'reject'),
    ],
    [
      'Initiated Connection',
      'FTP',
      '0x0 ERROR_SUCCESS',
      packet({ destination: '198.51.100.21:21' }, 'FTP out', 'accept'),
    ],
  ])('%s, %s, %s', (action, protocol, resultCode, traced) => {
    expect(isaLogEntry(traced)).toEqual({
      action,
      protocol,
      resultCode,
      rule: traced.decision?.rule,
      source: traced.source,
      destination: traced.destination,
      filterInformation: null,
      time: '2005-09-01 08:30:00.000',
    });
  });

  it.each(['SYN ACK', 'PSH ACK'])('leaves out accepted %s packets', (flags) => {
    expect(isaLogEntry(packet({ flags }, 'FTP out', 'accept'))).toBeUndefined();
  });

  it('shows an upload command that Read Only refused, without inventing a result code', () => {
    const place = { table: 'ftp-filter', chain: 'forward' };
    const decision = { action: 'accept', ...place, rule: 'FTP out' } as const;
    const spoils = {
      ...place,
      rule: 'ct mark 0x00000001 tcp dport 21 @ih,0,32 & 0xdfdfdfdf == 0x53544f52 meta nftrace set 1 @ih,0,16 set 0x5858 comment "FTP out"',
      comment: 'FTP out',
      verdict: 'continue',
    };
    expect(
      isaLogEntry(packet({ flags: 'PSH ACK', destination: '198.51.100.21:21', decision, met: [spoils] })),
    ).toMatchObject({
      rule: 'FTP out',
      resultCode: '-',
      filterInformation: 'Read Only: STOR refused',
    });
  });
});

describe('isaLogLine', () => {
  const entry = isaLogEntry(packet());

  it.each([60, 80, 173, 174, 220])('shows action, ends, protocol, rule and code at %i columns', (width) => {
    if (!entry) throw new Error('no entry');
    const text = isaLogLine(entry, { width, color: false });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    for (const part of Object.values(entry).filter((value) => value !== null))
      expect(text.replace(/\s+/g, ' ')).toContain(part);
  });

  it('has a heading only above columns', () => {
    expect(isaLogHeading({ width: 80, color: false })).toBe('');
    expect(isaLogHeading({ width: 180, color: false })).toMatch(
      /^Log Time \(UTC\) +Action +Source +Destination +Protocol +Result Code +Rule/,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type TracedPacket, TraceParser } from '../../lab/firewall/trace.ts';
import { isaLogEntry, isaLogHeading, isaLogLine } from '../../lab/report/isa-log.ts';

function packet(
  change: Partial<TracedPacket> = {},
  rule = 'Default rule',
  action: 'accept' | 'drop' | 'reject' = 'drop',
): TracedPacket {
  return {
    id: '1',
    protocol: 'tcp',
    source: '192.168.20.10:42344',
    destination: '198.51.100.21:50089',
    flags: 'SYN',
    met: [],
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
      rule: traced.decision.rule,
      source: traced.source,
      destination: traced.destination,
      filterInformation: null,
    });
  });

  it.each(['ACK SYN', 'ACK PSH'])('leaves out accepted %s packets', (flags) => {
    expect(isaLogEntry(packet({ flags }, 'FTP out', 'accept'))).toBeUndefined();
  });

  it('shows an upload command that Read Only refused, without inventing a result code', () => {
    const met = { table: 'ftp-filter', chain: 'forward', rule: 'x', comment: 'FTP out', verdict: 'CONTINUE' };
    expect(
      isaLogEntry(
        packet({ flags: 'ACK PSH', destination: '198.51.100.21:21', met: [met] }, 'FTP out', 'accept'),
      ),
    ).toMatchObject({
      rule: 'FTP out',
      resultCode: '-',
      filterInformation: 'Read Only: upload command refused',
    });
  });

  it('reads what xtables-monitor prints', () => {
    const parser = new TraceParser();
    parser.feed(
      'PACKET: 2 8f3c0a1b IN=eth0 OUT=eth1 SRC=192.168.20.10 DST=198.51.100.21 LEN=60 TOS=0x0 TTL=63 ID=1DF SPORT=42344 DPORT=50089 SYN',
    );
    const traced = parser.feed(
      ' TRACE: 2 8f3c0a1b filter:FORWARD:rule:0x4:DROP  -4 -t filter -A FORWARD -m comment --comment "Default rule" -j DROP',
    );
    expect(traced && isaLogEntry(traced)).toMatchObject({
      action: 'Denied Connection',
      rule: 'Default rule',
    });
  });
});

describe('isaLogLine', () => {
  const entry = isaLogEntry(packet());

  it.each([60, 80, 149, 150, 200])('shows action, ends, protocol, rule and code at %i columns', (width) => {
    if (!entry) throw new Error('no entry');
    const text = isaLogLine(entry, { width, color: false });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    for (const part of Object.values(entry).filter((value) => value !== null))
      expect(text.replace(/\s+/g, ' ')).toContain(part);
  });

  it('has a heading only over columns', () => {
    expect(isaLogHeading({ width: 80, color: false })).toBe('');
    expect(isaLogHeading({ width: 160, color: false })).toMatch(
      /^Action +Source +Destination +Protocol +Result Code +Rule/,
    );
  });
});

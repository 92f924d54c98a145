import { describe, expect, it } from 'vitest';
import { readOnlyHit, type TracedPacket, TraceParser } from '../../lab/firewall/trace.ts';

/** What xtables-monitor 1.8.9 printed in a firewall of the lab. */
const packet = (id: string, flags = 'SYN', out = '') =>
  `PACKET: 2 ${id} IN=inside${out} MACSRC=2:42:c0:a8:14:a MACDST=2:42:c0:a8:14:1 MACPROTO=0800 SRC=192.168.20.10 DST=198.51.100.21 LEN=60 TOS=0x0 TTL=63 ID=38828 DF SPORT=56254 DPORT=5555 ${flags} `;
const marked = (id: string) => [
  packet(id),
  ` TRACE: 2 ${id} lab-trace:prerouting:rule:0x2:CONTINUE  -4 -t lab-trace -A prerouting -p tcp -m tcp --tcp-flags SYN SYN -j TRACE`,
  ` TRACE: 2 ${id} lab-trace:prerouting:policy:ACCEPT `,
  packet(id, 'SYN', ' OUT=outside'),
];

function read(lines: string[]): TracedPacket[] {
  const parser = new TraceParser();
  return lines.map((line) => parser.feed(line)).filter((found) => found !== undefined);
}

describe('TraceParser', () => {
  const table: [what: string, line: string, action: string, rule: string][] = [
    [
      'a rule that drops, by its comment',
      'filter:FORWARD:rule:0x7:DROP  -4 -t filter -A FORWARD -m comment --comment "Default rule" -j DROP',
      'drop',
      'Default rule',
    ],
    [
      'a comment with quotes in it',
      String.raw`filter:FORWARD:rule:0x5:ACCEPT  -4 -t filter -A FORWARD -s 192.168.20.0/24 -p tcp -m comment --comment "FTP out \"x\"" -j ACCEPT`,
      'accept',
      'FTP out "x"',
    ],
    [
      'a comment of one word',
      'filter:FORWARD:rule:0x5:DROP  -4 -t filter -A FORWARD -m comment --comment blocked -j DROP',
      'drop',
      'blocked',
    ],
    [
      'a rule that rejects, without a comment',
      'filter:FORWARD:rule:0x6:DROP  -4 -t filter -A FORWARD -p tcp -m tcp --dport 22 -j REJECT --reject-with tcp-reset',
      'reject',
      '-A FORWARD -p tcp -m tcp --dport 22 -j REJECT --reject-with tcp-reset',
    ],
    ["a chain's policy", 'filter:FORWARD:policy:DROP ', 'drop', 'policy FORWARD DROP'],
    [
      'a drop in a user chain of another table',
      'mangle:bad-hosts:rule:0x3:DROP  -4 -t mangle -A bad-hosts -j DROP',
      'drop',
      '-A bad-hosts -j DROP',
    ],
  ];
  it.each(table)('names %s', (_what, line, action, rule) => {
    const found = read([...marked('ca0fc62c'), ` TRACE: 2 ca0fc62c ${line}`]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      source: '192.168.20.10:56254',
      destination: '198.51.100.21:5555',
      flags: 'SYN',
      decision: { action, rule },
    });
  });

  it('keeps two interleaved packets apart', () => {
    const drop = (id: string, comment: string) =>
      ` TRACE: 2 ${id} filter:FORWARD:rule:0x7:DROP  -4 -t filter -A FORWARD -m comment --comment ${comment} -j DROP`;
    const found = read([...marked('aa'), ...marked('bb'), drop('aa', 'one'), drop('bb', 'two')]);
    expect(found.map(({ id, decision }) => [id, decision.rule])).toEqual([
      ['aa', 'one'],
      ['bb', 'two'],
    ]);
  });

  it('reports a packet that is accepted first and dropped later both times', () => {
    const found = read([
      ...marked('aa'),
      ' TRACE: 2 aa filter:FORWARD:rule:0x5:ACCEPT  -4 -t filter -A FORWARD -j ACCEPT',
      ' TRACE: 2 aa mangle:POSTROUTING:rule:0x5:DROP  -4 -t mangle -A POSTROUTING -j DROP',
    ]);
    expect(found.map(({ decision }) => decision.action)).toEqual(['accept', 'drop']);
  });

  it('says nothing of lines of another form and of packets that it never saw', () => {
    expect(read(['', 'garbage', ' TRACE: 2 ff filter:FORWARD:policy:DROP '])).toEqual([]);
  });

  it('recognises an upload command that the Read Only filter spoilt', () => {
    const [hit] = read([
      packet('ac', 'ACK PSH', ' OUT=outside'),
      ' TRACE: 2 ac ftp-filter:read-only:rule:0x2:CONTINUE  -4 -t ftp-filter -A read-only -p tcp -m tcp --dport 21 -m comment --comment "FTP from Y (read only)" -j TRACE',
      ' TRACE: 2 ac ftp-filter:read-only:policy:ACCEPT ',
    ]);
    expect(hit && readOnlyHit(hit)).toBe('FTP from Y (read only)');
    const [drop] = read([...marked('ad'), ' TRACE: 2 ad filter:FORWARD:policy:DROP ']);
    expect(drop && readOnlyHit(drop)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { readOnlyHit, readPacket, type TracedPacket } from '../../../lab/firewall/trace.ts';
import { bookmarkIn, TraceParser } from '../../../lab/firewall/tracer/trace-parser.ts';

/** What nft 1.0.6 prints in a firewall of the lab. */
const met = (id: string, chain: string, rest: string) => `trace id ${id} ip ${chain} ${rest}`;
const packet = (id: string, chain = 'lab-trace prerouting', flags = '0x2') =>
  met(
    id,
    chain,
    `packet: iif "inside" ether saddr 02:42:c0:a8:95:0a ether daddr 02:42:c0:a8:95:01 ip saddr 192.168.20.10 ip daddr 198.51.100.21 ip dscp 0x00 ip ecn 0x0 ip ttl 64 ip id 60905 ip length 60 tcp sport 56254 tcp dport 5555 tcp flags == ${flags} tcp window 64240 `,
  );
const marked = (id: string) => [
  packet(id),
  met(
    id,
    'lab-trace prerouting',
    'rule tcp flags & 0x2 == 0x2 meta nftrace set 1 # handle 2 (verdict continue)',
  ),
  met(id, 'lab-trace prerouting', 'policy accept '),
  packet(id, 'filter FORWARD'),
];

/** Rules in force, by `table chain handle`. */
const rules: Record<string, string> = {
  'filter FORWARD 5': String.raw`-A FORWARD -s 192.168.20.0/24 -p tcp -m comment --comment "FTP out \"x\"" -j ACCEPT`,
  'filter FORWARD 6': '-A FORWARD -p tcp -m tcp --dport 22 -j REJECT --reject-with tcp-reset',
  'filter FORWARD 7': '-A FORWARD -m comment --comment "Default rule" -j DROP',
  'filter FORWARD 8': '-A FORWARD -m comment --comment blocked -j DROP',
  'filter FORWARD 9': '-A FORWARD -m comment --comment "never -j REJECT this" -j DROP',
  'filter other 10': 'tcp dport 5555 reject with icmp port-unreachable',
  'mangle bad-hosts 3': '-A bad-hosts -j DROP',
  'mangle POSTROUTING 4': '-A POSTROUTING -j DROP',
  'ftp-filter forward 2':
    'tcp dport 21 @ih,0,32 & 0xdfdfdfdf == 0x53544f52 counter meta nftrace set 1 @ih,0,16 set 0x5858 comment "FTP from Y"',
};

function read(lines: string[]): TracedPacket[] {
  const parser = new TraceParser(
    (table, chain, handle) => rules[`${table} ${chain} ${handle}`],
    () => '2005-09-01T00:00:00.000Z',
  );
  return lines.map((line) => parser.feed(line)).filter((found) => found !== undefined);
}

describe('TraceParser', () => {
  const table: [what: string, chain: string, rest: string, action: string, rule: string][] = [
    [
      'a rule by its comment',
      'filter FORWARD',
      'unknown rule handle 7 (verdict drop)',
      'drop',
      'Default rule',
    ],
    [
      'a rule that nft could print',
      'filter FORWARD',
      'rule counter packets 0 bytes 0 drop # handle 7 (verdict drop)',
      'drop',
      'Default rule',
    ],
    [
      'quotes in a comment',
      'filter FORWARD',
      'unknown rule handle 5 (verdict accept)',
      'accept',
      'FTP out "x"',
    ],
    ['a comment of one word', 'filter FORWARD', 'unknown rule handle 8 (verdict drop)', 'drop', 'blocked'],
    [
      'a drop whose comment speaks of REJECT',
      'filter FORWARD',
      'unknown rule handle 9 (verdict drop)',
      'drop',
      'never -j REJECT this',
    ],
    [
      'a reject without a comment',
      'filter FORWARD',
      'unknown rule handle 6 (verdict drop)',
      'reject',
      rules['filter FORWARD 6'] ?? '',
    ],
    [
      "nft's own reject",
      'filter other',
      'rule tcp dport 5555 reject # handle 10 (verdict drop)',
      'reject',
      rules['filter other 10'] ?? '',
    ],
    ["a chain's policy", 'filter FORWARD', 'policy drop ', 'drop', 'policy FORWARD DROP'],
    [
      'a user chain of another table',
      'mangle bad-hosts',
      'unknown rule handle 3 (verdict drop)',
      'drop',
      '-A bad-hosts -j DROP',
    ],
    [
      'a rule that has gone meanwhile',
      'filter FORWARD',
      'unknown rule handle 99 (verdict drop)',
      'drop',
      'rule 99 of chain FORWARD',
    ],
  ];
  it.each(table)('names %s', (_what, chain, rest, action, rule) => {
    const found = read([...marked('ca0fc62c'), met('ca0fc62c', chain, rest)]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      source: '192.168.20.10:56254',
      destination: '198.51.100.21:5555',
      flags: 'SYN',
      decision: { action, rule },
    });
  });

  it('keeps two interleaved packets apart, and tells the rules that each met', () => {
    const found = read([
      ...marked('aa'),
      ...marked('bb'),
      met('aa', 'filter FORWARD', 'unknown rule handle 6 (verdict continue)'),
      met('aa', 'filter FORWARD', 'unknown rule handle 7 (verdict drop)'),
      met('bb', 'filter FORWARD', 'unknown rule handle 8 (verdict drop)'),
    ]);
    expect(found.map(({ decision, met }) => [decision.rule, met.length])).toEqual([
      ['Default rule', 4],
      ['blocked', 3],
    ]);
  });

  it('reports a packet that is accepted first and dropped later both times', () => {
    const found = read([
      ...marked('aa'),
      met('aa', 'filter FORWARD', 'unknown rule handle 5 (verdict accept)'),
      met('aa', 'mangle POSTROUTING', 'unknown rule handle 4 (verdict drop)'),
    ]);
    expect(found.map(({ decision }) => decision.action)).toEqual(['accept', 'drop']);
  });

  it('finds bookmarks', () => {
    const line = (destination: string) =>
      `trace id 26c4f21d ip lab-trace output packet: oif "lo" ip saddr 127.0.0.1 ip daddr ${destination} ip dscp 0x00 ip ecn 0x0 ip ttl 64 ip id 60905 ip length 28 udp sport 34567 udp dport 4711 udp length 8 @th,64,96 0x0`;
    expect(bookmarkIn(line('127.255.0.1'))).toBe(4711);
    expect(bookmarkIn(line('192.168.20.10'))).toBeUndefined();
    expect(bookmarkIn(packet('aa'))).toBeUndefined();
  });

  it('says nothing of lines of another form and of packets that it never saw', () => {
    const other = [
      '',
      '# new generation 15 by process 8387 (iptables-restor)',
      'add table ip filter # handle 7',
    ];
    expect(read([...other, met('ff', 'filter FORWARD', 'policy drop')])).toEqual([]);
  });

  it('recognises an upload command that the Read Only filter spoilt', () => {
    const [hit] = read([
      packet('ac', 'ftp-filter forward', '0x18'),
      met('ac', 'ftp-filter forward', 'unknown rule handle 2 (verdict continue)'),
    ]);
    expect(hit?.flags).toBe('PSH ACK');
    expect(hit && readOnlyHit(hit)).toBe('FTP from Y');
    const [drop] = read([...marked('ad'), met('ad', 'filter FORWARD', 'policy drop ')]);
    expect(drop && readOnlyHit(drop)).toBeNull();
  });

  it('writes packets that can be read back, and other log lines are none', () => {
    const [drop] = read([...marked('ad'), met('ad', 'filter FORWARD', 'policy drop ')]);
    expect(readPacket(JSON.stringify(drop))).toEqual(drop);
    expect(readPacket('nft monitor ended with 1')).toBeUndefined();
  });
});

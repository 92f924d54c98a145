import { describe, expect, it } from 'vitest';
import { readPacket } from '../../../lab/agent/tracer/trace-log.ts';
import { TraceParser } from '../../../lab/agent/tracer/trace-parser.ts';
import { spoiltCommand, type TracedPacket } from '../../../lab/model/packet.ts';

/** What nft 1.0.6 prints in a firewall of the lab. */
const met = (id: string, chain: string, rest: string) => `trace id ${id} ip ${chain} ${rest}`;
const packet = (id: string, chain = 'lab-trace prerouting', flags = '0x2') =>
  met(
    id,
    chain,
    `packet: iif "inside" ether saddr 02:42:c0:a8:95:0a ether daddr 02:42:c0:a8:95:01 ip saddr 192.168.20.10 ip daddr 198.51.100.21 ip dscp 0x00 ip ecn 0x0 ip ttl 64 ip id 60905 ip length 60 tcp sport 56254 tcp dport 5555 tcp flags == ${flags} tcp window 64240 `,
  );
const marked = (id: string, flags = '0x2') => [
  packet(id, 'lab-trace prerouting', flags),
  met(
    id,
    'lab-trace prerouting',
    'rule tcp flags & 0x2 == 0x2 meta nftrace set 1 # handle 2 (verdict continue)',
  ),
  met(id, 'lab-trace prerouting', 'policy accept '),
  packet(id, 'filter FORWARD', flags).replace('iif "inside"', 'iif "inside" oif "outside"'),
];

/** Rules in force, by `table chain handle`. */
const rules: Record<string, string> = {
  'lab-trace digits 2': '@ih,0,8 0x32 comment "digit 0 is 2"',
  'lab-trace digits 12': '@ih,8,8 0x32 comment "digit 1 is 2"',
  'lab-trace digits 27': '@ih,16,8 0x37 comment "digit 2 is 7"',
  'filter FORWARD 5': String.raw`-A FORWARD -s 192.168.20.0/24 -p tcp -m comment --comment "FTP out \"x\"" -j ACCEPT`,
  'filter FORWARD 6': '-A FORWARD -p tcp -m tcp --dport 22 -j REJECT --reject-with tcp-reset',
  'filter FORWARD 7': '-A FORWARD -m comment --comment "Default rule" -j DROP',
  'filter FORWARD 8': '-A FORWARD -m comment --comment blocked -j DROP',
  'filter FORWARD 9': '-A FORWARD -m comment --comment "never -j REJECT this" -j DROP',
  'filter other 10': 'tcp dport 5555 reject with icmp port-unreachable',
  'mangle bad-hosts 3': '-A bad-hosts -j DROP',
  'mangle POSTROUTING 4': '-A POSTROUTING -j DROP',
  'inet ftp-filter forward 2':
    'tcp dport 21 @ih,0,32 & 0xdfdfdfdf == 0x53544f52 counter meta nftrace set 1 @ih,0,16 set 0x5858 comment "FTP from Y"',
};

function parserAt(clock: () => number = () => Date.UTC(2005, 8, 1)): TraceParser {
  return new TraceParser((table, chain, handle) => rules[`${table} ${chain} ${handle}`], clock);
}

function read(lines: string[]): TracedPacket[] {
  const parser = parserAt();
  return lines.flatMap((line) => parser.feed(line));
}

/** How a packet leaves, as an egress chain shows it. */
const leaves = (id: string, network: string, transport: string) => [
  met(
    id,
    'netdev lab-trace leaving',
    `packet: oif "outside" @nh,0,160 0x${network} @th,0,160 0x${transport} `,
  ).replace('ip netdev', 'netdev'),
  met(id, 'netdev lab-trace leaving', 'policy accept ').replace('ip netdev', 'netdev'),
];
/** From 192.168.20.10:56254 to 198.51.100.21:5555, and the same behind source NAT with 198.51.100.3. */
const ownNetwork = '4500003cede940003f060000c0a8140ac6336415';
const natNetwork = '4500003cede940003f060000c6336403c6336415';
const ports = 'dbbe15b3a3a5500000000000a002faf000000000';

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
    const found = read([
      ...marked('ca0fc62c'),
      met('ca0fc62c', chain, rest),
      ...leaves('ca0fc62c', ownNetwork, ports),
    ]);
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
    expect(found.map(({ decision, met }) => [decision?.rule, met.length])).toEqual([
      ['Default rule', 2],
      ['blocked', 1],
    ]);
  });

  const accept = met('aa', 'filter FORWARD', 'unknown rule handle 5 (verdict accept)');

  it('reports a packet that leaves once it has left, with what address translation made of it', () => {
    expect(read([...marked('aa'), accept])).toEqual([]);
    const [same] = read([...marked('aa'), accept, ...leaves('aa', ownNetwork, ports)]);
    expect(same).toMatchObject({ fate: 'sent', translated: null, decision: { rule: 'FTP out "x"' } });
    const [behindNat] = read([...marked('aa'), accept, ...leaves('aa', natNetwork, ports)]);
    expect(behindNat).toMatchObject({
      source: '192.168.20.10:56254',
      translated: { source: '198.51.100.3:56254', destination: '198.51.100.21:5555' },
    });
  });

  it('knows that it left from the last chain, if the kernel has none after that', () => {
    const [packet] = read([...marked('aa'), accept, met('aa', 'lab-trace leaving', 'policy accept ')]);
    expect(packet).toMatchObject({ fate: 'sent', decision: { action: 'accept' } });
  });

  it('reports a packet that is accepted first and dropped later as refused', () => {
    const found = read([
      ...marked('aa'),
      accept,
      met('aa', 'mangle POSTROUTING', 'unknown rule handle 4 (verdict drop)'),
    ]);
    expect(found).toMatchObject([{ fate: 'refused', decision: { action: 'drop' } }]);
  });

  it('reports a packet that the firewall itself takes', () => {
    const input = packet('aa', 'filter INPUT');
    const accepted = met('aa', 'filter INPUT', 'policy accept ');
    const [local] = read([packet('aa'), input, accepted, met('aa', 'lab-trace taken', 'policy accept ')]);
    expect(local).toMatchObject({ fate: 'local', decision: { rule: 'policy INPUT ACCEPT' } });
  });

  it("knows nft's own chains by their hooks, and that a later one may drop what an earlier one accepted", () => {
    const parser = new TraceParser(
      () => 'tcp dport 21 accept comment "early"',
      () => Date.UTC(2005, 8, 1),
      false,
      (_table, chain) => ({ type: 'filter', hook: 'forward', priority: chain === 'late' ? 10 : 0 }),
    );
    const inet = (line: string) => line.replace(' ip ', ' inet ');
    const [drop] = [
      ...marked('ae').slice(0, 3),
      inet(packet('ae', 'fw early')),
      inet(met('ae', 'fw early', 'rule tcp dport 21 accept # handle 4 (verdict accept)')),
      inet(met('ae', 'fw late', 'policy drop ')),
    ].flatMap((line) => parser.feed(line));
    expect(drop).toMatchObject({
      fate: 'refused',
      decision: { action: 'drop', table: 'inet fw', chain: 'late', rule: 'policy late DROP' },
      met: [{ hook: 'forward', comment: 'early', verdict: 'accept' }, { rule: null }],
    });
  });

  it('reports as lost what was accepted and does not leave, after a while or when the next one comes', () => {
    let now = 1000;
    const parser = parserAt(() => now);
    const feed = (lines: string[]) => lines.flatMap((line) => parser.feed(line));
    expect(feed([...marked('aa', '0x18'), accept])).toEqual([]);
    expect(parser.lost()).toEqual([]);
    now += 50;
    expect(parser.lost()).toMatchObject([{ fate: 'lost', decision: { action: 'accept' } }]);
    expect(parser.lost()).toEqual([]);
    feed([...marked('aa', '0x18'), accept]);
    const again = marked('aa', '0x18').map((line) => line.replace('ip id 60905', 'ip id 60906'));
    expect(feed(again)).toMatchObject([{ fate: 'lost' }]);
  });

  it('tells packets that connection tracking does not know', () => {
    const stray = met(
      'aa',
      'lab-trace stray',
      'rule ct state { new, invalid } meta nftrace set 1 # handle 9 (verdict continue)',
    );
    const [found] = read([
      packet('aa', 'lab-trace stray', '0x18'),
      stray,
      packet('aa', 'filter FORWARD', '0x18'),
      met('aa', 'filter FORWARD', 'policy drop '),
    ]);
    expect(found).toMatchObject({ stray: true, flags: 'PSH ACK', fate: 'refused' });
  });

  it('tells a packet that was sent again, the digits of its reply, and where it was lost', () => {
    let now = 1000;
    const parser = parserAt(() => now);
    const own = (rest: string) => met('aa', 'lab-trace again', rest);
    const digit = (handle: number) =>
      met('aa', 'lab-trace digits', `unknown rule handle ${handle} (verdict continue)`);
    const lines = [
      packet('aa', 'lab-trace prerouting', '0x18'),
      own('rule meta nftrace set 1 # handle 8 (verdict continue)'),
      ...[2, 12, 27].map(digit),
      met('aa', 'lab-trace tracked', 'policy accept '),
      packet('aa', 'filter FORWARD', '0x18').replace('iif "inside"', 'iif "inside" oif "outside"'),
      met('aa', 'filter FORWARD', 'unknown rule handle 5 (verdict accept)'),
    ];
    expect(lines.flatMap((line) => parser.feed(line))).toEqual([]);
    expect(parser.waiting).toBe(false);
    now += 50;
    expect(parser.waiting).toBe(true);
    expect(parser.lost()).toMatchObject([{ again: true, digits: '227', lostAt: 'forwarding', bytes: 60 }]);
  });

  it('tells of an ICMP error which packet it is about', () => {
    const icmp = (chain: string) =>
      met(
        'cc',
        chain,
        'packet: oif "inside" ip saddr 192.168.20.1 ip daddr 192.168.20.10 ip dscp 0x30 ip ecn 0x0 ip ttl 64 ip id 4677 ip length 576 icmp type 3 icmp code 4 icmp id 0 icmp sequence 1400 @th,64,96 0x45000bec01db400040068055 ',
      );
    const [found] = read([
      icmp('lab-trace output'),
      met('cc', 'lab-trace about-0', 'policy accept meta mark 0x0a14a8c0 '),
      met('cc', 'lab-trace about-1', 'policy accept meta mark 0x156433c6 '),
      met('cc', 'lab-trace about-2', 'policy accept meta mark 0xb315bedb '),
      met('cc', 'lab-trace about-3', 'policy accept '),
      icmp('filter OUTPUT'),
      met('cc', 'filter OUTPUT', 'policy drop '),
    ]);
    expect(found).toMatchObject({
      protocol: 'icmp',
      source: '192.168.20.1',
      destination: '192.168.20.10',
      fate: 'refused',
      unreachable: {
        code: 4,
        mtu: 1400,
        about: { source: '192.168.20.10:56254', destination: '198.51.100.21:5555' },
      },
    });
  });

  it('tells the same of an ICMPv6 error', () => {
    const error =
      'packet: oif "inside" ip6 saddr 2001:db8:0:2::1 ip6 daddr 2001:db8:0:2::10 ip6 hoplimit 64 ip6 length 88 icmpv6 type 2 icmpv6 code 0 icmpv6 parameter-problem 1400 ';
    const marks = [
      'b80d0120',
      '03000000',
      '00000000',
      '21000000',
      'b80d0120',
      '02000000',
      '00000000',
      '10000000',
      'beda1500',
    ];
    const of6 = (chain: string, rest: string) => `trace id cc ip6 ${chain} ${rest}`;
    const [found] = read([
      of6('lab-trace about-0', error),
      ...marks.map((mark, part) => of6(`lab-trace about-${part}`, `policy accept meta mark 0x${mark} `)),
      of6('lab-trace about-9', 'policy accept '),
      of6('filter OUTPUT', 'policy drop '),
    ]);
    expect(found).toMatchObject({
      fate: 'refused',
      decision: { table: 'ip6 filter' },
      unreachable: {
        code: 4,
        about: { source: '[2001:db8:0:3::21]:21', destination: '[2001:db8:0:2::10]:55998' },
      },
    });
  });

  it('says nothing of packets that it never saw', () => {
    expect(read([met('ff', 'filter FORWARD', 'policy drop')])).toEqual([]);
  });

  it('recognises an upload command that the Read Only filter spoilt', () => {
    const [hit] = read([
      packet('ac', 'ftp-filter forward', '0x18').replace(' ip ftp', ' inet ftp'),
      met('ac', 'ftp-filter forward', 'unknown rule handle 2 (verdict continue)').replace(' ip ', ' inet '),
      packet('ac', 'filter FORWARD', '0x18').replace('iif "inside"', 'iif "inside" oif "outside"'),
      met('ac', 'filter FORWARD', 'unknown rule handle 5 (verdict accept)'),
      ...leaves('ac', ownNetwork, ports),
    ]);
    expect(hit?.fate).toBe('sent');
    expect(hit?.flags).toBe('PSH ACK');
    expect(hit?.decision?.rule).toBe('FTP from Y');
    expect(hit && spoiltCommand(hit)).toBe('STOR');
    const [drop] = read([...marked('ad'), met('ad', 'filter FORWARD', 'policy drop ')]);
    expect(drop && spoiltCommand(drop)).toBeNull();
  });

  it('writes packets that can be read back, and ignores other log lines', () => {
    const [drop] = read([...marked('ad'), met('ad', 'filter FORWARD', 'policy drop ')]);
    expect(readPacket(JSON.stringify(drop))).toEqual(drop);
    expect(readPacket('nft monitor ended with 1')).toBeUndefined();
  });
});

describe("a host's own firewall", () => {
  const onHost = (lines: string[]) => {
    const parser = new TraceParser(
      (table, chain, handle) => rules[`${table} ${chain} ${handle}`],
      () => Date.UTC(2005, 8, 1),
      true,
    );
    return lines.flatMap((line) => parser.feed(line));
  };
  const accepted = met('ca0fc62c', 'filter INPUT', 'unknown rule handle 5 (verdict accept)');

  it('has taken a packet once no rule can refuse it any more', () => {
    expect(onHost([...marked('ca0fc62c'), accepted])).toEqual([]);
    const [packet] = onHost([
      ...marked('ca0fc62c'),
      accepted,
      met('ca0fc62c', 'lab-trace taken', 'policy accept '),
    ]);
    expect(packet).toMatchObject({ fate: 'sent', decision: { action: 'accept', chain: 'INPUT' } });
  });

  it.each([
    ['0x2', undefined],
    ['0x14', true],
  ])('sends packets with the flags %s, of which those that end connections are its own', (flags, own) => {
    const [packet] = onHost([
      ...marked('ca0fc62c', flags).map((line) => line.replace('iif "inside" ', 'oif "eth0" ')),
      ...leaves('ca0fc62c', ownNetwork, ports),
    ]);
    expect(packet?.fate).toBe('sent');
    expect(packet?.own).toBe(own);
  });
});

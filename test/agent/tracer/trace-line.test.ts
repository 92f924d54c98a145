import { describe, expect, it } from 'vitest';
import { bookmarkIn, parseTraceLine } from '../../../lab/agent/tracer/trace-line.ts';

/** What nft 1.0.6 prints in a firewall of the lab. */
const tcp =
  'packet: iif "inside" ether saddr 02:42:c0:a8:95:0a ether daddr 02:42:c0:a8:95:01 ip saddr 192.168.20.10 ip daddr 198.51.100.21 ip dscp 0x00 ip ecn 0x0 ip ttl 64 ip id 60905 ip length 60 tcp sport 56254 tcp dport 5555 tcp flags == 0x2 tcp window 64240 ';
const icmp =
  'packet: oif "inside" ip saddr 192.168.35.1 ip daddr 192.168.35.11 ip dscp 0x30 ip ecn 0x0 ip ttl 64 ip id 4677 ip length 576 icmp type 3 icmp code 4 icmp id 0 icmp sequence 1400 @th,64,96 0x45000bec01db400040068055 ';
const header = {
  protocol: 'tcp',
  source: '192.168.20.10:56254',
  destination: '198.51.100.21:5555',
  flags: 2,
  code: 0,
  mtu: 0,
  fingerprint: '60905 0x2',
};

describe('parseTraceLine', () => {
  it.each([
    [
      'a TCP header as it comes in',
      `trace id 4f ip raw PREROUTING ${tcp}`,
      {
        id: '4f',
        table: 'raw',
        chain: 'PREROUTING',
        kind: 'header',
        header: { ...header, routed: false },
      },
    ],
    [
      'a TCP header once it is routed',
      `trace id 4f ip filter FORWARD ${tcp.replace('iif "inside"', 'iif "inside" oif "outside"')}`,
      { table: 'filter', chain: 'FORWARD', kind: 'header', header: { ...header, routed: true } },
    ],
    [
      'an ICMP error with an MTU',
      `trace id 4f ip lab-trace output ${icmp}`,
      {
        kind: 'header',
        header: {
          protocol: 'icmp',
          source: '192.168.35.1',
          destination: '192.168.35.11',
          code: 4,
          mtu: 1400,
          routed: true,
        },
      },
    ],
    [
      'a message by which hosts look for each other',
      'trace id 5a ip6 lab-trace neighbours-input packet: iif "inside" ether saddr 06:f9:a0:8c:78:3e ether daddr 33:33:ff:00:00:01 ip6 saddr 2001:db8::2 ip6 daddr ff02::1:ff00:1 ip6 dscp 0x00 ip6 ecn 0x0 ip6 hoplimit 255 ip6 flowlabel 0 ip6 length 32 icmpv6 type 135 icmpv6 code 0 icmpv6 parameter-problem 0 @th,64,96 0x20010db80000000000000000 ',
      {
        table: 'ip6 lab-trace',
        kind: 'header',
        header: {
          protocol: 'icmp',
          source: '2001:db8::2',
          destination: 'ff02::1:ff00:1',
          neighbour: 'solicitation',
          own: false,
        },
      },
    ],
    [
      'the ends of a packet that leaves, port 21 without its zeros',
      'trace id 36 netdev lab-trace leaving packet: oif "inside" @nh,0,160 0x4500003c000040003f068ee0c6120316c0a8230b @th,0,160 0x15eddcbb1c3e28179e778fa012fe88ad0a0000 ',
      {
        table: 'netdev lab-trace',
        chain: 'leaving',
        kind: 'ends',
        ends: { source: '198.18.3.22:21', destination: '192.168.35.11:60892' },
      },
    ],
    [
      'the ends of an ICMP message that leaves',
      'trace id 86 netdev lab-trace leaving packet: oif "inside" @nh,0,160 0x45c000581e76000040019412c0a82301c0a8230b @th,0,160 0x3031791000000004500003ca93540003f06e5aa ',
      { kind: 'ends', ends: { source: '192.168.35.1', destination: '192.168.35.11' } },
    ],
    [
      'a TCP header of IPv6',
      'trace id 3e ip6 filter FORWARD packet: iif "inside" oif "outside" ip6 saddr 2001:db8:0:2::11 ip6 daddr 2001:db8:0:3::21 ip6 dscp 0x00 ip6 ecn 0x0 ip6 hoplimit 63 ip6 flowlabel 392292 ip6 length 40 tcp sport 51414 tcp dport 21 tcp flags == 0x2 tcp window 64800 ',
      {
        table: 'ip6 filter',
        kind: 'header',
        header: {
          source: '[2001:db8:0:2::11]:51414',
          destination: '[2001:db8:0:3::21]:21',
          flags: 2,
          bytes: 80,
          routed: true,
        },
      },
    ],
    [
      'a TCP header in a table for both versions',
      'trace id 22 inet t f packet: iif "inside" oif "outside" ip saddr 192.168.20.11 ip daddr 198.51.100.21 ip dscp 0x00 ip ecn 0x0 ip ttl 63 ip id 31836 ip protocol 6 ip length 60 tcp sport 49472 tcp dport 21 tcp flags == 0x2 tcp window 64240 ',
      { table: 'inet t', kind: 'header', header: { destination: '198.51.100.21:21', bytes: 60 } },
    ],
    [
      'an ICMPv6 error in the words of ICMP',
      'trace id af ip6 lab-trace output packet: oif "outside" ip6 saddr 2001:db8:0:3::3 ip6 daddr 2001:db8:0:3::21 ip6 dscp 0x00 ip6 ecn 0x0 ip6 hoplimit 64 ip6 flowlabel 883498 ip6 length 88 icmpv6 type 1 icmpv6 code 4 icmpv6 parameter-problem 0 @th,64,96 0x6001c8db0028063f20010db8 ',
      { kind: 'header', header: { protocol: 'icmp', source: '2001:db8:0:3::3', code: 3, own: true } },
    ],
    [
      'a packet that is too big for IPv6 as one that needs fragmentation',
      'trace id af ip6 lab-trace output packet: oif "outside" ip6 saddr 2001:db8:0:3::3 ip6 daddr 2001:db8:0:1::10 ip6 hoplimit 64 ip6 length 88 icmpv6 type 2 icmpv6 code 0 icmpv6 parameter-problem 1400 @th,64,96 0x6001c8db0028063f20010db8 ',
      { kind: 'header', header: { protocol: 'icmp', code: 4, mtu: 1400 } },
    ],
    [
      'the ends of IPv6 as it leaves',
      'trace id 3e netdev lab-trace leaving packet: oif "outside" @nh,0,320 0x6005fc640028063f20010db800000002000000000000001120010db8000000030000000000000021 @th,0,160 0xc8d60015a46a497f00000000a002fd205bd70000 ',
      {
        kind: 'ends',
        ends: { source: '[2001:db8:0:2::11]:51414', destination: '[2001:db8:0:3::21]:21' },
      },
    ],
    [
      'a rule that nft cannot print',
      'trace id 4f ip filter FORWARD unknown rule handle 11 (verdict accept)',
      { kind: 'rule', handle: 11, verdict: 'accept' },
    ],
    [
      'a rule that nft prints',
      'trace id 4f ip nat POSTROUTING rule ip saddr 10.0.0.0/8 counter packets 0 bytes 0 # handle 7 (verdict jump own)',
      { kind: 'rule', handle: 7, verdict: 'jump own' },
    ],
    ['a policy', 'trace id 4f ip filter FORWARD policy drop ', { kind: 'policy', verdict: 'drop', mark: 0 }],
    [
      "a policy, with the packet's mark",
      'trace id 86 ip lab-trace about-source policy accept meta mark 0x0b23a8c0 ',
      { kind: 'policy', verdict: 'accept', mark: 0x0b23a8c0 },
    ],
  ])('reads %s', (_what, line, expected) => {
    expect(parseTraceLine(line)).toMatchObject(expected);
  });

  it.each([
    '',
    '# new generation 15 by process 8387 (iptables-restor)',
    'add table ip filter # handle 7',
    'trace id 26 ip lab-trace output packet: oif "lo" ip saddr 127.0.0.1 ip daddr 127.255.0.1 ip ttl 64 ip id 60905 ip length 28 udp sport 34567 udp dport 4711',
  ])('says nothing of "%s"', (line) => {
    expect(parseTraceLine(line)).toBeUndefined();
  });
});

it('finds bookmarks', () => {
  const line = (destination: string) =>
    `trace id 26c4f21d ip lab-trace output packet: oif "lo" ip saddr 127.0.0.1 ip daddr ${destination} ip dscp 0x00 ip ecn 0x0 ip ttl 64 ip id 60905 ip length 28 udp sport 34567 udp dport 4711 udp length 8 @th,64,96 0x0`;
  expect(bookmarkIn(line('127.255.0.1'))).toBe(4711);
  expect(bookmarkIn(line('192.168.20.10'))).toBeUndefined();
  expect(bookmarkIn(`trace id 4f ip raw PREROUTING ${tcp}`)).toBeUndefined();
});

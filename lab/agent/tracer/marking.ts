import { probeMatch } from './probe-mark.ts';
import { bookmarkAddress, traceTable } from './trace-log.ts';

/** Where a packet is seen last, on its way out of the firewall: chains of this name. */
export const leavingChain = 'leaving';

/** Where packets come that connection tracking has let pass: a chain of this name. */
export const trackedChain = 'tracked';

/** Where the firewall, or a host with rules of its own, has a packet that is for itself, every rule behind it: a chain of this name. */
export const takenChain = 'taken';

/** Where packets amid a connection that connection tracking does not know are marked: a chain of this name. */
export const strayChain = 'stray';

/** Where packets that were sent before are marked, with the connection that they are of: a chain of this name. */
export const againChain = 'again';

/** Where the digits show that a packet's data begin with: a chain of this name. */
export const digitsChain = 'digits';

/** How many packets of a connection are looked at where all of them are to be, each way; then so many a second. */
const looks = 'limit rate 100/second burst 100 packets';

/**
 * Pairs of hosts whose connections are traced packet by packet, as `address . address` in each direction: a set of this name in
 * {@link traceTable}.
 */
export const closeUpSet = 'close-up';

/** Packets that have come lately, by their ends and sequence numbers: a set of this name in {@link traceTable}. */
export const seenSet = 'seen';

/**
 * Chains that show, one after another, the ends of the packet that an ICMP error of the firewall's own is about: a trace
 * prints no payload, but at the end of a chain it prints the packet's mark. The firewall's own messages come into being with
 * mark 0 (ip-sysctl, fwmark_reflect) and go on with it.
 */
export const aboutChains = ['about-source', 'about-destination', 'about-ports'] as const;

/** Payload of an ICMP error: 8 bytes of its own, then the IP header (20 bytes) and the first 8 bytes of TCP (RFC 792). */
const aboutPayload = ['@th,160,32', '@th,192,32', '@th,224,32', '0'];

/** A TCP packet's ends, and the same of one that goes the other way. */
const flow = 'ip saddr . tcp sport . ip daddr . tcp dport';
const flowBack = 'ip daddr . tcp dport . ip saddr . tcp sport';

/** So much of a connection as tells what becomes of its packets, be it a whole transfer. */
const watchedRate = '200/second burst 100 packets';

/** An FTP reply begins with three digits (RFC 959 section 4.2), which a trace does not show: a rule for each shows by itself. */
const digits = Array.from({ length: 10 }, (_, digit) => digit);

function digitRule(position: number, digit: number): string {
  return `@ih,${position * 8},8 0x3${digit} comment "digit ${position} is ${digit}"`;
}

/** Place and value of the digit that a rule's text tells of. */
export function digitIn(rule: string): readonly [position: number, digit: string] | undefined {
  const [, position, digit] = /comment "digit (\d) is (\d)"/.exec(rule) ?? [];
  return position === undefined || digit === undefined ? undefined : [Number(position), digit];
}

/**
 * What is traced, as `nft -f` input: alternatives in the order of preference, for kernels that lack something. All of it is
 * in tables of the tracer's own, which rule sets come and go without touching, and none of it accepts, drops or changes a
 * packet under test. Priorities are those of nft(8): raw is -300, connection tracking -200. `onHost`: what a client or server sends
 * and takes itself, and not only what is forwarded.
 */
export function markings(interfaces: readonly string[], onHost: boolean): (readonly string[])[] {
  const about = [...aboutChains, 'about-end'].map((chain, index) =>
    hook(
      chain,
      'output',
      -399 + index,
      `icmp type { destination-unreachable, time-exceeded } meta mark set ${aboutPayload[index]}`,
    ),
  );
  const sets = [
    // TCP's timers double from 0.2 s: the second and third time that a packet is sent again are within the timeout.
    dynamicSet(seenSet, `typeof ${flow} . tcp sequence`, '5s', 131_072),
    dynamicSet('watched', `typeof ${flow}`, '5s', 4096),
    dynamicSet('watched-connections', 'typeof ct id', '5s', 4096),
    dynamicSet('looked-at', `typeof ${flow}`, '5s', 4096),
    `  set ${closeUpSet} { type ipv4_addr . ipv4_addr; }`,
  ];
  const marked = (carriesData: string) => [
    'tcp flags & (syn | rst) != 0 meta nftrace set 1',
    'icmp type { destination-unreachable, time-exceeded } meta nftrace set 1',
    // What was lost is sent again (RFC 9293 section 3.8.1), and so tells of itself, and of whatever else the connection loses.
    `${flow} . tcp sequence @${seenSet} jump ${againChain}`,
    `${flowBack} @watched limit rate ${watchedRate} meta nftrace set 1`,
    `ip saddr . ip daddr @${closeUpSet} update @looked-at { ${flow} ${looks} } jump closely`,
    `tcp flags & (syn | fin) != 0 update @${seenSet} { ${flow} . tcp sequence }`,
    `${carriesData} update @${seenSet} { ${flow} . tcp sequence }`,
  ];
  const tracked = [
    `meta l4proto tcp tcp flags & (syn | rst) == 0 ct state { new, invalid } limit rate ${watchedRate} jump ${strayChain}`,
    // The way back of a connection that address translation gives other ends.
    `${flow} @watched update @watched-connections { ct id }`,
    `ct id @watched-connections limit rate ${watchedRate} meta nftrace set 1`,
    `ct original ip saddr . ct original ip daddr @${closeUpSet} update @looked-at { ${flow} ${looks} } meta nftrace set 1`,
  ];
  const bookmarked = `ip daddr ${bookmarkAddress} meta l4proto udp meta nftrace set 1 drop`;
  const connections = (carriesData: string) => [
    ...sets,
    chain(digitsChain, ...[0, 1, 2].flatMap((position) => digits.map((digit) => digitRule(position, digit)))),
    chain(againChain, `update @watched { ${flow} }`, 'meta nftrace set 1', `jump ${digitsChain}`),
    chain('closely', 'meta nftrace set 1', `jump ${digitsChain}`),
    hook(
      'prerouting',
      'prerouting',
      -400,
      // Port probes come by the hundred thousand, and are counted instead.
      `${probeMatch} return`,
      ...marked(carriesData),
    ),
    // Limited, since if such packets are let pass a whole transfer may consist of them.
    chain(strayChain, 'meta nftrace set 1'),
    hook(trackedChain, 'prerouting', -190, ...tracked),
    // Bookmarks go nowhere but into the trace.
    ...(onHost
      ? [
          hook('output', 'output', -400, bookmarked, `${probeMatch} return`, ...marked(carriesData)),
          hook('tracked-output', 'output', -190, ...tracked),
        ]
      : [
          hook(
            'output',
            'output',
            -400,
            bookmarked,
            'tcp flags & rst != 0 meta nftrace set 1',
            'icmp type { destination-unreachable, time-exceeded } meta nftrace set 1',
          ),
        ]),
    hook(takenChain, 'input', 350, ''),
    ...about,
  ];
  const devices = interfaces.map((name) => `"${name}"`).join(', ');
  return [
    // Linux 5.16 and later tell where a packet's data begin. For others, what ends a write (RFC 9293 section 3.9.1.2).
    ['@ih,0,8 >= 0', 'tcp flags & psh != 0'].map(
      (carriesData) => `table ip ${traceTable} {\n${connections(carriesData).join('\n')}\n}`,
    ),
    [
      // Linux 5.16 and later: behind everything, conntrack helpers included.
      `table netdev ${traceTable} {\n${hook(leavingChain, 'egress', 0, '').replace('hook egress', `hook egress devices = { ${devices} }`)}\n}`,
      `table ip ${traceTable} {\n${hook(leavingChain, 'postrouting', 350, '')}\n}`,
    ],
    [
      // The lines that open data connections (RFC 959: PORT, 227; RFC 2428: EPRT, 229), which the kernel's FTP helper drops
      // if they come in pieces. Before the other chains, so that this one is in no other packet's trace. Linux 6.2.
      `table ip ${traceTable} {\n${hook(
        'lines',
        'prerouting',
        -401,
        'ip length < 150 @ih,0,24 & 0xdfdfdf == { 0x504f52, 0x455052 } meta nftrace set 1',
        'ip length < 150 @ih,0,24 { 0x323237, 0x323239 } meta nftrace set 1',
      )}\n}`,
    ],
  ];
}

function hook(name: string, on: string, priority: number, ...rules: string[]): string {
  return chain(name, `type filter hook ${on} priority ${priority} ;`, ...rules);
}

function chain(name: string, ...lines: string[]): string {
  return [`  chain ${name} {`, ...lines.map((line) => `    ${line}`), '  }'].join('\n');
}

function dynamicSet(name: string, elements: string, timeout: string, size: number): string {
  const lines = [elements, `timeout ${timeout}`, `size ${size}`, 'flags dynamic,timeout'];
  return [`  set ${name} {`, ...lines.map((line) => `    ${line};`), '  }'].join('\n');
}

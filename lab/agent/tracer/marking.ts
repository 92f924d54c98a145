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
 * Chains that show, one after another, four bytes each of the ends of the packet that an ICMP error of the firewall's own is about: a
 * trace prints no payload, but at the end of a chain it prints the packet's mark. The firewall's own messages come into being with
 * mark 0 (ip-sysctl, fwmark_reflect) and go on with it.
 */
const aboutChain = (part: number) => `about-${part}`;

/** Which four bytes a chain shows, from 0: of the source, then of the destination, then both ports; `undefined` for another chain. */
export function aboutPart(chain: string): number | undefined {
  const [, part] = /^about-(\d+)$/.exec(chain) ?? [];
  return part === undefined ? undefined : Number(part);
}

/** How the rules for a version of IP are written. */
interface Words {
  /** Its tables' family, and its header. */
  readonly ip: 'ip' | 'ip6';
  readonly address: 'ipv4_addr' | 'ipv6_addr';
  /** Matches errors that end or narrow a connection. */
  readonly error: string;
  /**
   * Where such an error has the ends of the packet that it is about, in bits: behind 8 bytes of its own, in that packet's IP header and in
   * the first bytes of TCP (RFC 792; RFC 4443 section 3).
   */
  readonly about: readonly number[];
  /** Matches packets that are no longer than a command or a reply. */
  readonly short: string;
}

const words: readonly Words[] = [
  {
    ip: 'ip',
    address: 'ipv4_addr',
    error: 'icmp type { destination-unreachable, time-exceeded }',
    about: [160, 192, 224],
    short: 'ip length < 150',
  },
  {
    ip: 'ip6',
    address: 'ipv6_addr',
    error: 'icmpv6 type { destination-unreachable, packet-too-big, time-exceeded }',
    about: [128, 160, 192, 224, 256, 288, 320, 352, 384],
    short: 'ip6 length < 130',
  },
];

/** How IPv6 hosts find each other (RFC 4861 sections 4.3 and 4.4), without which nothing comes as far as a rule. */
const neighbourMessages = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } meta nftrace set 1';

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
 * What is traced, as `nft -f` input: alternatives in the order of preference, for kernels that lack something. `versions`: of IP. All of it is
 * in tables of the tracer's own, which rule sets come and go without touching, and none of it accepts, drops or changes a
 * packet under test. Priorities are those of nft(8): raw is -300, connection tracking -200. `onHost`: what a client or server sends
 * and takes itself, and not only what is forwarded.
 */
export function markings(
  interfaces: readonly string[],
  onHost: boolean,
  versions: readonly Words['ip'][] = ['ip', 'ip6'],
): (readonly string[])[] {
  const devices = interfaces.map((name) => `"${name}"`).join(', ');
  const chosen = words.filter(({ ip }) => versions.includes(ip));
  return [
    // Linux 5.16 and later tell where a packet's data begin. For others, what ends a write (RFC 9293 section 3.9.1.2).
    ['@ih,0,8 >= 0', 'tcp flags & psh != 0'].map((carriesData) =>
      chosen
        .map(
          (own) => `table ${own.ip} ${traceTable} {\n${connections(own, onHost, carriesData).join('\n')}\n}`,
        )
        .join('\n'),
    ),
    [
      // Linux 5.16 and later: behind everything, conntrack helpers included.
      `table netdev ${traceTable} {\n${hook(leavingChain, 'egress', 0, '').replace('hook egress', `hook egress devices = { ${devices} }`)}\n}`,
      chosen
        .map(({ ip }) => `table ${ip} ${traceTable} {\n${hook(leavingChain, 'postrouting', 350, '')}\n}`)
        .join('\n'),
    ],
    [
      // The lines that open data connections (RFC 959: PORT, 227; RFC 2428: EPRT, 229), which the kernel's FTP helper drops
      // if they come in pieces. Before the other chains, so that this one is in no other packet's trace. Linux 6.2.
      chosen
        .map(
          ({ ip, short }) =>
            `table ${ip} ${traceTable} {\n${hook(
              'lines',
              'prerouting',
              -401,
              `${short} @ih,0,24 & 0xdfdfdf == { 0x504f52, 0x455052 } meta nftrace set 1`,
              `${short} @ih,0,24 { 0x323237, 0x323239 } meta nftrace set 1`,
            )}\n}`,
        )
        .join('\n'),
    ],
  ];
}

/** Chains and sets that choose the packets of one version of IP. `carriesData`: matches a TCP packet with data. */
function connections({ ip, address, error, about }: Words, onHost: boolean, carriesData: string): string[] {
  /** A TCP packet's ends, and the same of one that goes the other way. */
  const flow = `${ip} saddr . tcp sport . ${ip} daddr . tcp dport`;
  const flowBack = `${ip} daddr . tcp dport . ${ip} saddr . tcp sport`;
  const aboutChains = [...about.map((bits) => `@th,${bits},32`), '0'].map((bytes, part) =>
    hook(aboutChain(part), 'output', -399 + part, `${error} meta mark set ${bytes}`),
  );
  const sets = [
    // TCP's timers double from 0.2 s: the second and third time that a packet is sent again are within the timeout.
    dynamicSet(seenSet, `typeof ${flow} . tcp sequence`, '5s', 131_072),
    dynamicSet('watched', `typeof ${flow}`, '5s', 4096),
    dynamicSet('watched-connections', 'typeof ct id', '5s', 4096),
    dynamicSet('looked-at', `typeof ${flow}`, '5s', 4096),
    `  set ${closeUpSet} { type ${address} . ${address}; }`,
  ];
  const marked = [
    'tcp flags & (syn | rst) != 0 meta nftrace set 1',
    `${error} meta nftrace set 1`,
    // What was lost is sent again (RFC 9293 section 3.8.1), and so tells of itself, and of whatever else the connection loses.
    `${flow} . tcp sequence @${seenSet} jump ${againChain}`,
    `${flowBack} @watched limit rate ${watchedRate} meta nftrace set 1`,
    `${ip} saddr . ${ip} daddr @${closeUpSet} update @looked-at { ${flow} ${looks} } jump closely`,
    `tcp flags & (syn | fin) != 0 update @${seenSet} { ${flow} . tcp sequence }`,
    `${carriesData} update @${seenSet} { ${flow} . tcp sequence }`,
  ];
  // Port probes come by the hundred thousand, and are counted instead.
  const exceptProbes = `${probeMatch} return`;
  const tracked = [
    exceptProbes,
    `meta l4proto tcp tcp flags & (syn | rst) == 0 ct state { new, invalid } limit rate ${watchedRate} jump ${strayChain}`,
    // The way back of a connection that address translation gives other ends.
    `${flow} @watched update @watched-connections { ct id }`,
    `ct id @watched-connections limit rate ${watchedRate} meta nftrace set 1`,
    `ct original ${ip} saddr . ct original ${ip} daddr @${closeUpSet} update @looked-at { ${flow} ${looks} } meta nftrace set 1`,
  ];
  // Bookmarks go nowhere but into the trace.
  const bookmarked =
    ip === 'ip' ? [`ip daddr ${bookmarkAddress} meta l4proto udp meta nftrace set 1 drop`] : [];
  return [
    ...sets,
    chain(digitsChain, ...[0, 1, 2].flatMap((position) => digits.map((digit) => digitRule(position, digit)))),
    chain(againChain, `update @watched { ${flow} }`, 'meta nftrace set 1', `jump ${digitsChain}`),
    chain('closely', 'meta nftrace set 1', `jump ${digitsChain}`),
    hook('prerouting', 'prerouting', -400, exceptProbes, ...marked),
    // Limited, since if such packets are let pass a whole transfer may consist of them.
    chain(strayChain, 'meta nftrace set 1'),
    hook(trackedChain, 'prerouting', -190, ...tracked),
    ...(onHost
      ? [
          hook('output', 'output', -400, ...bookmarked, exceptProbes, ...marked),
          hook('tracked-output', 'output', -190, ...tracked),
        ]
      : [
          hook(
            'output',
            'output',
            -400,
            ...bookmarked,
            'tcp flags & rst != 0 meta nftrace set 1',
            `${error} meta nftrace set 1`,
          ),
        ]),
    hook(takenChain, 'input', 350, ''),
    // Where this host itself has them: of those for others it sees many.
    ...(ip === 'ip6'
      ? (['input', 'output'] as const).map((on) => hook(`neighbours-${on}`, on, -400, neighbourMessages))
      : []),
    ...aboutChains,
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

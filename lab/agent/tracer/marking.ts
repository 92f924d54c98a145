import { probeMatch } from './probe-mark.ts';
import { bookmarkAddress, traceTable } from './trace-log.ts';

/** Where a packet is seen last, on its way out of the firewall: chains of this name. */
export const leavingChain = 'leaving';

/** Where packets amid a connection that connection tracking does not know are marked: a chain of this name. */
export const strayChain = 'stray';

/**
 * Chains that show, one after another, the ends of the packet that an ICMP error of the firewall's own is about: a trace
 * prints no payload, but at the end of a chain it prints the packet's mark. The firewall's own messages come into being with
 * mark 0 (ip-sysctl, fwmark_reflect) and go on with it.
 */
export const aboutChains = ['about-source', 'about-destination', 'about-ports'] as const;

/** Payload of an ICMP error: 8 bytes of its own, then the IP header (20 bytes) and the first 8 bytes of TCP (RFC 792). */
const aboutPayload = ['@th,160,32', '@th,192,32', '@th,224,32', '0'];

/**
 * What is traced, as `nft -f` input: alternatives in the order of preference, for kernels that lack something. All of it is
 * in tables of the tracer's own, which rule sets come and go without touching, and none of it accepts, drops or changes a
 * packet under test. Priorities are those of nft(8): raw is -300, connection tracking -200.
 */
export function markings(interfaces: readonly string[]): (readonly string[])[] {
  const about = [...aboutChains, 'about-end'].map((chain, index) =>
    hook(
      chain,
      'output',
      -399 + index,
      `icmp type destination-unreachable meta mark set ${aboutPayload[index]}`,
    ),
  );
  const connections = [
    hook(
      'prerouting',
      'prerouting',
      -400,
      // Port probes come by the hundred thousand, and are counted instead.
      `${probeMatch} return`,
      'tcp flags & (syn | rst) != 0 meta nftrace set 1',
      'icmp type destination-unreachable meta nftrace set 1',
    ),
    // Limited, since where such packets are let pass a whole transfer may consist of them.
    hook(
      strayChain,
      'prerouting',
      -190,
      'meta l4proto tcp tcp flags & (syn | rst) == 0 ct state { new, invalid } limit rate 200/second burst 100 packets meta nftrace set 1',
    ),
    hook(
      'output',
      'output',
      -400,
      // Bookmarks go nowhere but into the trace.
      `ip daddr ${bookmarkAddress} meta l4proto udp meta nftrace set 1 drop`,
      'icmp type destination-unreachable meta nftrace set 1',
    ),
    ...about,
  ];
  const devices = interfaces.map((name) => `"${name}"`).join(', ');
  return [
    [`table ip ${traceTable} {\n${connections.join('\n')}\n}`],
    [
      // Linux 5.16 and later: behind everything, conntrack helpers included.
      `table netdev ${traceTable} {\n${hook(leavingChain, 'egress', 0, '').replace('hook egress', `hook egress devices = { ${devices} }`)}\n}`,
      `table ip ${traceTable} {\n${hook(leavingChain, 'postrouting', 350, '')}\n}`,
    ],
    [
      // The lines that open data connections (RFC 959: PORT, 227; RFC 2428: EPRT, 229), which the kernel's FTP helper drops
      // where they come in pieces. Before the other chains, so that this one is in no other packet's trace. Linux 6.2.
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

function hook(chain: string, name: string, priority: number, ...rules: string[]): string {
  const type = `type filter hook ${name} priority ${priority} ;`;
  return [`  chain ${chain} {`, ...[type, ...rules].map((line) => `    ${line}`), '  }'].join('\n');
}

/* What a firewall says of a packet that it traced: each rule that the packet met, and the one that decided. */
import type { FirewallName } from '../network/topology.ts';

/** One rule, or one chain's policy, that a packet met. */
export interface RuleMet {
  readonly table: string;
  readonly chain: string;
  /** The rule in iptables-save(8) form, `-A FORWARD ... -j DROP`, or `null` for a chain's policy. */
  readonly rule: string | null;
  readonly comment: string | null;
  /** nft's word: `accept`, `drop`, `continue`, `return`, `jump CHAIN`. */
  readonly verdict: string;
}

export interface Decision {
  readonly action: 'accept' | 'drop' | 'reject';
  readonly table: string;
  readonly chain: string;
  /** The deciding rule's comment, else its text, else `policy CHAIN VERDICT`. */
  readonly rule: string;
}

/** Where a packet comes from and where it goes to: `address:port`, or `address` where the protocol has no ports. */
export interface PacketEnds {
  readonly source: string;
  readonly destination: string;
}

/** An ICMP message that a destination cannot be reached (RFC 792, type 3; RFC 1191 for the MTU). */
export interface Unreachable {
  /** 4 is "fragmentation needed". */
  readonly code: number;
  /** The MTU that the message asks for; `null` where it asks for none. */
  readonly mtu: number | null;
  /** Ends of the packet that the message is about; `null` where the trace does not tell. */
  readonly about: PacketEnds | null;
}

/**
 * What became of a packet. `sent`: it left the firewall. `local`: the firewall itself took it. `refused`: a rule or a
 * policy dropped or rejected it. `lost`: no rule refused it, and yet it did not leave, as where a conntrack helper drops it.
 */
export type Fate = 'sent' | 'local' | 'refused' | 'lost';

/** A packet on its way through a firewall, with its ends as they were when it came in. */
export interface TracedPacket extends PacketEnds {
  /** When the tracer read of its coming in (ISO 8601, UTC). */
  readonly at: string;
  readonly protocol: 'tcp' | 'icmp';
  /** TCP flags, in the order of RFC 9293's header from the right: `SYN`, `SYN ACK`, `PSH ACK`; empty for ICMP. */
  readonly flags: string;
  /** `null` for TCP. */
  readonly unreachable: Unreachable | null;
  /** Its ends as last seen, where address translation changed them; otherwise `null`. */
  readonly translated: PacketEnds | null;
  /** Whether it is amid a connection that connection tracking does not know, or knows no more. */
  readonly stray: boolean;
  readonly met: readonly RuleMet[];
  readonly fate: Fate;
  /** `null` for a packet that met no rule or policy that accepts or drops. */
  readonly decision: Decision | null;
}

/** A packet and the firewall that traced it. */
export interface SeenPacket extends TracedPacket {
  readonly firewall: FirewallName;
}

/** The nft table of the FTP access filter; see policy/ftp-access-filter.ts. */
export const ftpFilterTable = 'ftp-filter';

/** The FTP command, such as `STOR`, that the FTP access filter spoilt in the packet, or `null`. */
export function spoiltCommand({ decision, met }: TracedPacket): string | null {
  if (decision?.table !== ftpFilterTable) return null;
  const rule = met.find(({ table, rule }) => table === ftpFilterTable && rule !== null)?.rule ?? '';
  // What the rule compares the payload's first four bytes with; see policy/ftp-access-filter.ts.
  const [, command = ''] = /@ih,0,32 & 0x[0-9a-f]{8} == 0x([0-9a-f]{8})/.exec(rule) ?? [];
  const letters = command.match(/../g) ?? [];
  return String.fromCharCode(...letters.map((letter) => Number.parseInt(letter, 16))).trim();
}

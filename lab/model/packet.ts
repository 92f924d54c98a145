/* What a firewall says of a packet that it traced: each rule that the packet met, and the one that decided. */
import { isGateway } from '../network/topology.ts';
import type { NftHook, RuleMet, SeenPacket, TracedPacket } from './result/packet.ts';
import { does } from './rule-text.ts';

export type {
  Decision,
  Fate,
  LossReason,
  LostAt,
  NftHook,
  PacketEnds,
  RuleMet,
  SeenPacket,
  TracedPacket,
  Unreachable,
} from './result/packet.ts';

/** The nft table of the FTP access filter, for both versions of IP; see policy/ftp-access-filter.ts. */
export const ftpFilterTable = 'inet ftp-filter';

/** Whether a table is that of the filter. Documents of before it was for IPv6 too have it in the family ip. */
function isFtpFilter({ table }: Pick<RuleMet, 'table'>): boolean {
  return table === ftpFilterTable || table === 'ftp-filter';
}

/** The FTP command, such as `STOR`, that the FTP access filter spoilt in the packet, or `null`. */
export function spoiltCommand({ decision, met }: TracedPacket): string | null {
  if (!decision || !isFtpFilter(decision)) return null;
  const rule = met.find((one) => isFtpFilter(one) && one.rule !== null)?.rule ?? '';
  // What the rule compares the payload's first four bytes with; see policy/ftp-access-filter.ts.
  const [, command = ''] = /@ih,0,32 & 0x[0-9a-f]{8} == 0x([0-9a-f]{8})/.exec(rule) ?? [];
  const letters = command.match(/../g) ?? [];
  return String.fromCharCode(...letters.map((letter) => Number.parseInt(letter, 16))).trim();
}

/** Whether a rule or policy is one that packets come to from a hook; iptables names its chains after them. */
export function isAt(hook: NftHook, { chain, hook: own }: Pick<RuleMet, 'chain' | 'hook'>): boolean {
  return own === hook || chain === hook.toUpperCase();
}

/** Whether a client or server with rules of its own let a packet in that was for itself: it then comes by INPUT (iptables(8)). */
export function isTakenByHost({ firewall, fate, met }: SeenPacket): boolean {
  return !isGateway(firewall) && fate === 'sent' && met.some((rule) => isAt('input', rule));
}

/** Whether a packet carries nothing but an acknowledgement, and its sender is not told what becomes of it. */
export function isSilentAcknowledgement({
  flags,
  decision,
}: Pick<TracedPacket, 'flags' | 'decision'>): boolean {
  return flags === 'ACK' && decision?.action !== 'reject';
}

/** The rule that handed a lost packet to a queue, from which no program took it. */
export function queueingRule({ met }: TracedPacket): RuleMet | undefined {
  const last = met.at(-1);
  return last?.rule && does('queue', last.rule) ? last : undefined;
}

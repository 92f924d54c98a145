import { addressOf, portOf } from '../../model/endpoint.ts';
import type { ConnectionPacket } from '../../model/evidence.ts';
import type { TracedPacket } from '../../model/packet.ts';
import type { Note } from './rung.ts';

/** A packet in a few words. `addresses` are those in the column headings. */
export function labelOf(
  { protocol, flags, source, destination, unreachable }: TracedPacket,
  addresses: readonly string[],
): string {
  if (protocol === 'icmp' && unreachable)
    return `ICMP ${unreachableText(unreachable.code)}${unreachable.mtu ? `, MTU ${unreachable.mtu}` : ''}`;
  return `${flags} ${end(source, addresses)} > ${end(destination, addresses)}`;
}

/** Codes of RFC 792 and RFC 1812 section 5.2.7.1. */
function unreachableText(code: number): string {
  const texts: Record<number, string> = {
    0: 'network unreachable',
    1: 'host unreachable',
    2: 'protocol unreachable',
    3: 'port unreachable',
    4: 'fragmentation needed',
    9: 'network prohibited',
    10: 'host prohibited',
    13: 'administratively prohibited',
  };
  return texts[code] ?? `unreachable, code ${code}`;
}

/** An endpoint; only its port if a column's heading gives the address. */
export function end(endpoint: string, addresses: readonly string[]): string {
  return addresses.includes(addressOf(endpoint)) ? `:${portOf(endpoint)}` : endpoint;
}

/** What a firewall did with a packet, in its column. */
export function notesOf(packet: ConnectionPacket, column: number): Note[] {
  const { fate, decision, translated, flags } = packet;
  const nat: Note[] = translated
    ? [{ column, text: `NAT: ${translated.source} > ${translated.destination}`, tone: 'plain' }]
    : [];
  switch (fate) {
    case 'refused':
      return [
        {
          column,
          text: `${decision?.action === 'reject' ? 'REJECT' : 'DROP'}: ${decision?.rule}`,
          tone: 'deny',
        },
        ...(packet.stray ? [{ column, text: 'belongs to no known connection', tone: 'plain' } as const] : []),
      ];
    case 'lost':
      return [{ column, text: 'did not leave the firewall, although no rule refused it', tone: 'deny' }];
    case 'local':
      return [{ column, text: 'delivered to the firewall itself', tone: 'deny' }];
    case 'sent':
      // Packets of a known connection pass without a rule's decision worth showing.
      return flags === 'SYN'
        ? [{ column, text: `ALLOW: ${decision?.rule ?? 'no rule'}`, tone: 'allow' }, ...nat]
        : [];
  }
}

import {
  type Decision,
  type Fate,
  ftpFilterTable,
  type PacketEnds,
  type RuleMet,
  type TracedPacket,
} from '../../model/packet.ts';
import { aboutChains, leavingChain, strayChain } from './marking.ts';
import { bytesOfMark, type Header, isOwn, parseTraceLine, type TraceLine } from './trace-line.ts';

/** The text of a rule in force, by its handle. `undefined` for a rule that is no longer there. */
export type RuleText = (table: string, chain: string, handle: number) => string | undefined;

/** A packet on its way. */
interface OpenPacket {
  readonly first: Header;
  /** As it was dumped last. */
  now: Header;
  ends: PacketEnds;
  stray: boolean;
  accepted: RuleMet | undefined;
  spoilt: RuleMet | undefined;
  readonly about: Buffer[];
  readonly met: RuleMet[];
  /** When it came, in milliseconds of {@link TraceParser.now}. */
  readonly since: number;
}

/** Packets kept although nothing tells what became of them. */
const openPackets = 1000;

/** How long a packet may take through the firewall, in milliseconds; it takes microseconds. */
const transit = 20;

/**
 * Turns the lines of a trace into packets, each reported once: where it is refused, where the firewall itself takes it, as
 * it leaves, or, in {@link TraceParser.lost}, where it did not come that far.
 */
export class TraceParser {
  readonly #open = new Map<string, OpenPacket>();

  /** `now`: milliseconds since 1970. */
  constructor(
    readonly ruleText: RuleText,
    readonly now: () => number,
  ) {}

  /** Feeds one line; returns the packets of which it tells what became. Lines of another form are ignored. */
  feed(text: string): TracedPacket[] {
    const line = parseTraceLine(text);
    if (!line) return [];
    if (line.kind === 'header') return this.#enters(line.id, line.header);
    const packet = this.#open.get(line.id);
    if (!packet) return [];
    if (line.kind === 'ends') {
      packet.ends = line.ends;
      return [];
    }
    if (isOwn(line)) return this.#ownChain(line, packet);
    const met = this.#met(line);
    packet.met.push(met);
    if (met.verdict === 'drop') return [this.#close(line.id, packet, 'refused', decisionOf(met))];
    if (line.table === ftpFilterTable && line.kind === 'rule') packet.spoilt = met;
    if (met.verdict !== 'accept' || line.table !== 'filter') return [];
    packet.accepted = met;
    return packet.now.routed ? [] : [this.#close(line.id, packet, 'local', decisionOf(met))];
  }

  /** Packets that no rule refused and that have not left for a while: something that is no rule took them. */
  lost(): TracedPacket[] {
    const old = [...this.#open].filter(([, packet]) => this.now() - packet.since > transit);
    return old.map(([id, packet]) => this.#close(id, packet, 'lost'));
  }

  #enters(id: string, header: Header): TracedPacket[] {
    const known = this.#open.get(id);
    if (known && known.first.fingerprint === header.fingerprint) {
      known.now = header;
      known.ends = header;
      return [];
    }
    // The next packet of the connection has come, and the former one has not left.
    const former = known ? [this.#close(id, known, 'lost')] : [];
    if (this.#open.size >= openPackets) {
      const oldest = this.#open.keys().next();
      if (!oldest.done) this.#open.delete(oldest.value);
    }
    this.#open.set(id, {
      first: header,
      now: header,
      ends: header,
      stray: false,
      accepted: undefined,
      spoilt: undefined,
      about: [],
      met: [],
      since: this.now(),
    });
    return former;
  }

  #ownChain(line: TraceLine, packet: OpenPacket): TracedPacket[] {
    if (line.chain === strayChain && line.kind === 'rule') packet.stray = true;
    if (line.kind !== 'policy') return [];
    const about = (aboutChains as readonly string[]).indexOf(line.chain);
    if (about >= 0 && packet.first.protocol === 'icmp') packet.about[about] = bytesOfMark(line.mark);
    return line.chain === leavingChain ? [this.#close(line.id, packet, 'sent')] : [];
  }

  #met(line: Extract<TraceLine, { kind: 'rule' | 'policy' }>): RuleMet {
    const { table, chain, verdict } = line;
    if (line.kind === 'policy') return { table, chain, rule: null, comment: null, verdict };
    const text = this.ruleText(table, chain, line.handle) ?? `rule ${line.handle} of chain ${chain}`;
    return { table, chain, rule: text, comment: commentOf(text), verdict };
  }

  #close(id: string, packet: OpenPacket, fate: Fate, decision?: Decision): TracedPacket {
    this.#open.delete(id);
    const { first, ends, stray, met } = packet;
    const deciding = packet.spoilt ?? packet.accepted;
    const same = ends.source === first.source && ends.destination === first.destination;
    return {
      at: new Date(packet.since).toISOString(),
      protocol: first.protocol,
      source: first.source,
      destination: first.destination,
      flags: flagNames(first.flags),
      unreachable:
        first.protocol === 'icmp'
          ? { code: first.code, mtu: first.mtu || null, about: aboutEnds(packet.about) }
          : null,
      translated: same ? null : { source: ends.source, destination: ends.destination },
      stray,
      met,
      fate,
      decision: decision ?? (deciding ? decisionOf(deciding) : null),
    };
  }
}

function decisionOf({ table, chain, rule, comment, verdict }: RuleMet): Decision {
  const rejects = rule !== null && /\s-j REJECT\b|\breject\b/.test(rule.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''));
  const action = verdict !== 'drop' ? 'accept' : rejects ? 'reject' : 'drop';
  return { action, table, chain, rule: comment ?? rule ?? `policy ${chain} ${verdict.toUpperCase()}` };
}

/** The comment of a rule in iptables-save form (`--comment x`) or nft's (`comment "x"`), unquoted. */
export function commentOf(text: string): string | null {
  const match = /(?:^|\s)(?:--comment|(?<!-m )comment) (?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(text);
  if (!match) return null;
  return match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? null;
}

/** TCP flags by bit (RFC 9293 section 3.1). */
function flagNames(bits: number): string {
  return ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_name, bit) => bits & (1 << bit)).join(' ');
}

function aboutEnds([source, destination, ports]: readonly Buffer[]): PacketEnds | null {
  if (!source || !destination || !ports) return null;
  return {
    source: `${[...source].join('.')}:${ports.readUInt16BE(0)}`,
    destination: `${[...destination].join('.')}:${ports.readUInt16BE(2)}`,
  };
}

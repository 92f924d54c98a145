import { addressFrom, endpointOf } from '../../model/endpoint.ts';
import {
  type Decision,
  type Fate,
  ftpFilterTable,
  isAt,
  type LostAt,
  type PacketEnds,
  type RuleMet,
  type TracedPacket,
} from '../../model/packet.ts';
import { does } from '../../model/rule-text.ts';
import { type BaseChain, type BaseChainOf, iptablesBaseChain } from './base-chains.ts';
import {
  aboutPart,
  againChain,
  digitIn,
  digitsChain,
  leavingChain,
  strayChain,
  takenChain,
  trackedChain,
} from './marking.ts';
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
  again: boolean;
  /** The digits that its data begin with, by their places. */
  readonly digits: string[];
  /** Whether connection tracking has let it pass. */
  tracked: boolean;
  /** The base chain that it is in or went through last. */
  base: BaseChain | undefined;
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
export const transit = 20;

/**
 * Turns the lines of a trace into packets, each reported once: where it is refused, where the firewall itself, or a host,
 * has let it in, as it leaves, or, in {@link TraceParser.lost}, where it did not come that far.
 */
export class TraceParser {
  readonly #open = new Map<string, OpenPacket>();

  /** `now`: milliseconds since 1970. `onHost`: the trace is a client's or server's. */
  constructor(
    readonly ruleText: RuleText,
    readonly now: () => number,
    readonly onHost = false,
    readonly baseChain: BaseChainOf = iptablesBaseChain,
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
    packet.base = this.baseChain(line.table, line.chain) ?? packet.base;
    const met = this.#met(line, packet.base);
    packet.met.push(met);
    if (met.verdict === 'drop') return [this.#close(line.id, packet, 'refused', decisionOf(met))];
    if (line.table === ftpFilterTable && line.kind === 'rule') packet.spoilt = met;
    if (met.verdict === 'accept' && decides(met, packet)) packet.accepted = met;
    return [];
  }

  /** Whether a packet has been on its way for so long that it may be lost. */
  get waiting(): boolean {
    return [...this.#open.values()].some(({ since }) => this.now() - since > transit);
  }

  /** Whether no packet is on its way. */
  get idle(): boolean {
    return this.#open.size === 0;
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
      again: false,
      digits: [],
      tracked: false,
      base: undefined,
      accepted: undefined,
      spoilt: undefined,
      about: [],
      met: [],
      since: this.now(),
    });
    return former;
  }

  #ownChain(line: TraceLine, packet: OpenPacket): TracedPacket[] {
    if (line.kind === 'rule') {
      const digit = line.chain === digitsChain && digitIn(this.#text(line));
      if (digit) packet.digits[digit[0]] = digit[1];
      if (line.chain === againChain) packet.again = true;
      if (line.chain === strayChain) packet.stray = true;
      return [];
    }
    if (line.kind !== 'policy') return [];
    if (line.chain === trackedChain) packet.tracked = true;
    const part = aboutPart(line.chain);
    if (part !== undefined && packet.first.protocol === 'icmp') packet.about[part] = bytesOfMark(line.mark);
    if (line.chain === takenChain) return [this.#close(line.id, packet, this.onHost ? 'sent' : 'local')];
    return line.chain === leavingChain ? [this.#close(line.id, packet, 'sent')] : [];
  }

  #met(line: Extract<TraceLine, { kind: 'rule' | 'policy' }>, base: BaseChain | undefined): RuleMet {
    const { table, chain, verdict } = line;
    // The names of iptables' chains say it.
    const named = !base?.ofNft && iptablesBaseChain(table, chain) !== undefined;
    const at = { table, chain, ...(base && !named && { hook: base.hook }) };
    if (line.kind === 'policy') return { ...at, rule: null, comment: null, verdict };
    const text = this.#text(line);
    return { ...at, rule: text, comment: commentOf(text), verdict };
  }

  #text({ table, chain, handle }: Extract<TraceLine, { kind: 'rule' }>): string {
    return this.ruleText(table, chain, handle) ?? `rule ${handle} of chain ${chain}`;
  }

  #close(id: string, packet: OpenPacket, fate: Fate, decision?: Decision): TracedPacket {
    this.#open.delete(id);
    const { first, ends, stray, again, met } = packet;
    const digits = packet.digits.join('');
    const deciding = packet.spoilt ?? packet.accepted;
    const same = ends.source === first.source && ends.destination === first.destination;
    return {
      at: new Date(packet.since).toISOString(),
      protocol: first.protocol,
      source: first.source,
      destination: first.destination,
      flags: flagNames(first.flags),
      ...(first.neighbour && { neighbour: first.neighbour }),
      unreachable:
        first.protocol === 'icmp' && !first.neighbour
          ? {
              code: first.code,
              mtu: first.mtu || null,
              about: aboutEnds(packet.about),
              ...(first.timeExceeded && { timeExceeded: true }),
            }
          : null,
      translated: same ? null : { source: ends.source, destination: ends.destination },
      stray,
      ...(first.own && (!this.onHost || !isOrdinary(first)) && { own: true }),
      ...(again && { again }),
      ...(/^\d{3}$/.test(digits) && { digits }),
      bytes: first.bytes,
      met,
      fate,
      ...(fate === 'lost' && { lostAt: lostAt(packet) }),
      decision: decision ?? (deciding ? decisionOf(deciding) : null),
    };
  }
}

/** Whether a packet is one that a host's programs send, and neither an error nor a reset. */
function isOrdinary({ protocol, flags }: Header): boolean {
  return protocol === 'tcp' && !flagNames(flags).includes('RST');
}

/** Between which two places a packet was lost that no rule refused (iptables(8), "tables", has their order). */
function lostAt({ first, now, tracked, met }: OpenPacket): LostAt {
  if (met.some((rule) => isAt('postrouting', rule))) return 'leaving';
  if (now.routed) return 'forwarding';
  return tracked || first.routed ? 'routing' : 'tracking';
}

/** Whether an acceptance is one of the packet, and not of what translates its address or marks it. The last one counts. */
function decides({ rule }: RuleMet, { base, accepted }: OpenPacket): boolean {
  if (base?.type !== 'filter' || !['input', 'forward', 'output'].includes(base.hook)) return false;
  // What stands behind the usual filters seldom has more than a policy.
  return rule !== null || !accepted?.rule || base.priority <= 0;
}

function decisionOf({ table, chain, rule, comment, verdict }: RuleMet): Decision {
  const rejects = rule !== null && does('reject', rule);
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

/** From the parts of both addresses, one of both ports, and one of nothing (see {@link aboutPart}). */
function aboutEnds(parts: readonly Buffer[]): PacketEnds | null {
  const ports = parts.at(-2);
  const length = (parts.length - 2) / 2;
  if (!ports || (length !== 1 && length !== 4)) return null;
  const address = (at: number) => addressFrom(Buffer.concat(parts.slice(at, at + length)));
  return {
    source: endpointOf(address(0), ports.readUInt16BE(0)),
    destination: endpointOf(address(length), ports.readUInt16BE(2)),
  };
}

/*
 * A second witness: what became of an upload, from packet captures on both sides of the firewall alone. It shares no code
 * with the lab's own trace, evidence and judge, so that the two can be held against each other.
 */
import type { Captured, Side } from './packets.ts';

/** What the captures show. The names are those of the causes that they should lead to. */
export type Finding =
  | 'none'
  | 'control-dropped'
  | 'control-refused'
  | 'line-stopped'
  | 'login-denied'
  | 'port-command-refused'
  | 'command-refused-by-server'
  | 'stored-elsewhere'
  | 'address-refused'
  | 'data-dropped'
  | 'data-refused'
  | 'transfer-stopped'
  | 'unclear';

export interface Testimony {
  readonly finding: Finding;
  /** What it rests on, in words. */
  readonly because: string;
}

/** Who is who. */
export interface Parties {
  readonly client: string;
  readonly server: string;
}

interface Event extends Testimony {
  readonly at: number;
}

const control = 21;

/** How much earlier a copy may seem to leave than the packet came in, in milliseconds: two programs take the times. */
const clockError = 10;

/** A connection by the ports of its two ends, which the corpus' NAT leaves alone unless they clash. */
function portsOf({ sourcePort, destinationPort }: Captured): string {
  return [sourcePort, destinationPort].sort((a, b) => a - b).join('-');
}

/** Whether a packet comes into the firewall on the side where it was captured. */
function entersFrom({ side, source }: Captured, { client }: Parties): boolean {
  return side === 'inside' ? source === client : true;
}

/** Whether it is a packet that somebody sent, seen where it comes in: not one that the firewall sends out. */
function isEntering(packet: Captured, parties: Parties, own: ReadonlySet<string>): boolean {
  return packet.side === 'inside'
    ? entersFrom(packet, parties)
    : !own.has(packet.source) && packet.source !== parties.client;
}

/** What a line is, whatever NAT makes of the address in it. */
function essence(text: string): string {
  const line = text.split('\r\n')[0] ?? '';
  return /^(PORT|EPRT|227|229)\b/.exec(line)?.[1] ?? line;
}

/** The captures of one attempt, taken apart. */
export class Witness {
  readonly #packets: readonly Captured[];
  readonly #parties: Parties;
  /** Addresses that packets of the client's have outside: the firewall's own, and what NAT gives. */
  readonly #own: ReadonlySet<string>;

  constructor(packets: readonly Captured[], parties: Parties, own: readonly string[]) {
    this.#packets = [...packets].sort((a, b) => a.at - b.at);
    this.#parties = parties;
    this.#own = new Set(own);
  }

  /** What became of the upload. `from` is when the step that decides began, in milliseconds since 1970. */
  testify(step: 'connect' | 'login' | 'store-small' | 'store-large' | null, from: number): Testimony {
    const stored = this.#storesConfirmed();
    const turned = this.#packets.find(
      ({ side, flags, destinationPort }) =>
        side === 'outside' && flags === 'S' && destinationPort === control,
    );
    if (stored >= 2 && turned && turned.destination !== this.#parties.server)
      return { finding: 'stored-elsewhere', because: `${turned.destination} confirmed the stores` };
    if (stored >= 2) return { finding: 'none', because: `${stored} stores were confirmed to the client` };
    if (step === null)
      return { finding: 'unclear', because: `only ${stored} stores were confirmed to the client` };
    const events = [
      ...this.#lostLines(from),
      ...this.#saidBy(from),
      ...this.#openings(from),
      ...this.#stopped(from),
    ].sort((a, b) => a.at - b.at);
    const [acknowledgement] = this.#lostAcknowledgements(from);
    return (
      events[0] ??
      acknowledgement ?? { finding: 'unclear', because: 'nothing was lost between the two sides' }
    );
  }

  /** STOR lines that a 226 came back for. */
  #storesConfirmed(): number {
    let pending = false;
    let confirmed = 0;
    for (const { side, protocol, sourcePort, destinationPort, text } of this.#packets) {
      if (side !== 'inside' || protocol !== 'tcp') continue;
      if (destinationPort === control && /^[A-Z]{3,4}\b/.test(text)) pending = text.startsWith('STOR');
      if (sourcePort === control && pending && /(^|\n)226[ -]/.test(text)) {
        confirmed++;
        pending = false;
      }
    }
    return confirmed;
  }

  #entering(from: number): Captured[] {
    return this.#packets.filter(
      (packet) => packet.at >= from && isEntering(packet, this.#parties, this.#own),
    );
  }

  /** Whether a copy of a packet is on the other side, going out; of a line that is said more than once, not an earlier one. */
  #leaves(packet: Captured): boolean {
    const other: Side = packet.side === 'inside' ? 'outside' : 'inside';
    const isControl = packet.sourcePort === control || packet.destinationPort === control;
    return this.#packets.some(
      (copy) =>
        copy.side === other &&
        copy.protocol === 'tcp' &&
        portsOf(copy) === portsOf(packet) &&
        copy.sourcePort === packet.sourcePort &&
        (isControl && packet.length > 0
          ? essence(copy.text) === essence(packet.text) && copy.at >= packet.at - clockError
          : copy.seq === packet.seq && copy.flags.includes('S') === packet.flags.includes('S')),
    );
  }

  /** Lines of control connections that came in and did not leave. */
  *#lostLines(from: number): Generator<Event> {
    for (const packet of this.#entering(from)) {
      if (packet.protocol !== 'tcp' || packet.length === 0) continue;
      if (packet.sourcePort !== control && packet.destinationPort !== control) continue;
      if (/^(QUIT|221)/.test(packet.text) || this.#leaves(packet)) continue;
      yield {
        at: packet.at,
        finding: 'line-stopped',
        because: `"${essence(packet.text)}" came in ${packet.side} and did not leave`,
      };
    }
  }

  /** What the server says that ends an attempt. */
  *#saidBy(from: number): Generator<Event> {
    let last = '';
    for (const { at, side, protocol, sourcePort, destinationPort, text } of this.#packets) {
      if (side !== 'inside' || protocol !== 'tcp') continue;
      if (destinationPort === control && text !== '') last = text.slice(0, 4).trim();
      if (sourcePort !== control || at < from) continue;
      const [, named] = /^227 .*?(\d+,\d+,\d+,\d+),\d+,\d+/.exec(text) ?? [];
      if (named !== undefined && named.replaceAll(',', '.') !== this.#parties.server)
        yield { at, finding: 'address-refused', because: `the server named ${named} in its 227` };
      if (last === 'STOR' && text.startsWith('425') && this.#isStranger(from))
        yield {
          at,
          finding: 'data-refused',
          because: 'the data came from another address than the commands',
        };
      if (!/^5\d\d /.test(text)) continue;
      const finding =
        last === 'PASS'
          ? 'login-denied'
          : last === 'PORT' || last === 'EPRT'
            ? 'port-command-refused'
            : 'command-refused-by-server';
      if (['STOR', 'PASS', 'PORT', 'EPRT', 'PASV', 'EPSV'].includes(last))
        yield { at, finding, because: `the server answered ${last} with ${text.slice(0, 3)}` };
    }
  }

  /** Whether a data connection leaves the firewall with another address than the control connection. */
  #isStranger(from: number): boolean {
    const leaving = this.#packets.filter(
      ({ side, protocol, flags, at }) =>
        side === 'outside' && protocol === 'tcp' && flags === 'S' && at >= from,
    );
    const commands = this.#packets.find(
      ({ side, flags, destinationPort }) =>
        side === 'outside' && flags === 'S' && destinationPort === control,
    );
    return leaving.some(
      ({ destinationPort, source }) => destinationPort > 1023 && source !== commands?.source,
    );
  }

  /** Connections that were to be opened and did not come about. */
  *#openings(from: number): Generator<Event> {
    const seen = new Set<string>();
    for (const packet of this.#entering(from)) {
      if (packet.protocol !== 'tcp' || packet.flags !== 'S') continue;
      const key = portsOf(packet);
      if (seen.has(key)) continue;
      seen.add(key);
      const purpose = packet.destinationPort === control ? 'control' : 'data';
      if (purpose === 'data' && !this.#isOurs(packet)) continue;
      const others = this.#packets
        .filter(({ protocol }) => protocol === 'tcp')
        .filter((one) => portsOf(one) === key);
      const opener = packet.side;
      // Whoever has given up completes nothing any more, and is told nothing that matters.
      const gaveUp =
        others.find(
          (one) =>
            one.side === opener &&
            one.sourcePort === packet.sourcePort &&
            (/[FR]/.test(one.flags) || one.text.startsWith('QUIT')),
        )?.at ?? Number.POSITIVE_INFINITY;
      const isWhole = (['inside', 'outside'] as const).every((side) => {
        const here = others.filter((one) => one.side === side);
        const answer = here.find(({ flags }) => flags === 'SA');
        return (
          answer !== undefined &&
          here.some((one) => one.sourcePort === packet.sourcePort && one.flags === 'S') &&
          here.some(
            (one) =>
              one.sourcePort === packet.sourcePort &&
              !/[SRF]/.test(one.flags) &&
              one.at >= answer.at &&
              one.at < gaveUp,
          )
        );
      });
      if (isWhole) continue;
      const reset = others.find(
        (one) =>
          one.side === opener &&
          one.sourcePort !== packet.sourcePort &&
          one.flags.includes('R') &&
          one.at < gaveUp,
      );
      const error = this.#packets.find(
        (one) =>
          one.side === opener &&
          one.about !== null &&
          one.about.sourcePort === packet.sourcePort &&
          one.about.destinationPort === packet.destinationPort &&
          one.at >= packet.at &&
          one.at < gaveUp,
      );
      // Who answered, and whose answer did not get through, has not refused; what it says later is that it gave up.
      const isAnswered = (side: Side) =>
        others.some((one) => one.side === side && one.sourcePort !== packet.sourcePort && one.flags === 'SA');
      const lostAnswer = isAnswered(opener === 'inside' ? 'outside' : 'inside') && !isAnswered(opener);
      const answer = lostAnswer ? undefined : (reset ?? error);
      const what = `the ${purpose} connection ${packet.source}:${packet.sourcePort} > ${packet.destination}:${packet.destinationPort}`;
      yield answer
        ? {
            at: packet.at,
            finding: `${purpose}-refused`,
            because: `${what} was answered by ${answer.source} (${answer.flags})`,
          }
        : {
            at: packet.at,
            finding: `${purpose}-dropped`,
            because: `${what} did not come about, and nobody refused it`,
          };
    }
  }

  /** Whether a data connection's port was named in a line of this attempt; a server may still call for an earlier one. */
  #isOurs({ side, destinationPort }: Captured): boolean {
    if (side === 'inside') return true;
    return this.#packets.some(({ text }) => {
      const [, high, low] = /^PORT (?:\d+,){4}(\d+),(\d+)/.exec(text) ?? [];
      const [, whole] = /^EPRT \|1\|[\d.]+\|(\d+)\|/.exec(text) ?? [];
      return Number(whole ?? Number(high) * 256 + Number(low)) === destinationPort;
    });
  }

  /** Data connections that stood and of which something came in that never left. */
  *#stopped(from: number): Generator<Event> {
    for (const packet of this.#entering(from)) {
      if (packet.protocol !== 'tcp' || packet.flags.includes('S') || packet.flags.includes('R')) continue;
      if (packet.sourcePort === control || packet.destinationPort === control) continue;
      if (!this.#isStanding(packet) || !this.#isOpenedSince(packet, from)) continue;
      if (packet.length === 0 && !packet.flags.includes('F')) continue;
      if (this.#leavesInBytes(packet)) continue;
      yield {
        at: packet.at,
        finding: 'transfer-stopped',
        because: `bytes ${packet.seq}+${packet.length} (${packet.flags}) of ${portsOf(packet)} came in ${packet.side} and did not leave`,
      };
    }
    // Where the firewall itself ends a connection, all that came before has left.
    for (const packet of this.#packets) {
      if (packet.at < from || !packet.flags.includes('R') || packet.protocol !== 'tcp') continue;
      if (packet.sourcePort === control || packet.destinationPort === control || !this.#isStanding(packet))
        continue;
      if (isEntering(packet, this.#parties, this.#own)) continue;
      const sent = this.#packets.some(
        (one) =>
          one !== packet &&
          one.side !== packet.side &&
          portsOf(one) === portsOf(packet) &&
          one.sourcePort === packet.sourcePort &&
          one.flags.includes('R'),
      );
      if (!sent)
        yield {
          at: packet.at,
          finding: 'transfer-stopped',
          because: `the firewall reset ${portsOf(packet)} ${packet.side}`,
        };
    }
  }

  /** Bare acknowledgements of data connections that stood: losing a few of them stops nothing, losing all of them does. */
  *#lostAcknowledgements(from: number): Generator<Event> {
    for (const packet of this.#entering(from)) {
      if (packet.protocol !== 'tcp' || packet.flags !== 'A' || packet.length > 0) continue;
      if (packet.sourcePort === control || packet.destinationPort === control) continue;
      if (!this.#isStanding(packet) || !this.#isOpenedSince(packet, from)) continue;
      const left = this.#packets.some(
        (one) =>
          one.side !== packet.side &&
          one.sourcePort === packet.sourcePort &&
          one.destinationPort === packet.destinationPort &&
          one.ack === packet.ack,
      );
      if (!left)
        yield {
          at: packet.at,
          finding: 'transfer-stopped',
          because: `the acknowledgement ${packet.ack} of ${portsOf(packet)} came in ${packet.side} and did not leave`,
        };
    }
  }

  #isStanding(packet: Captured): boolean {
    const others = this.#packets.filter((one) => one.protocol === 'tcp' && portsOf(one) === portsOf(packet));
    return (['inside', 'outside'] as const).every((side) =>
      others.some((one) => one.side === side && one.flags === 'SA'),
    );
  }

  /** Whether the connection is of the step that decides, and not of an earlier one whose data are sent again. */
  #isOpenedSince(packet: Captured, from: number): boolean {
    return this.#packets.some(
      (one) =>
        one.protocol === 'tcp' && one.flags === 'S' && portsOf(one) === portsOf(packet) && one.at >= from,
    );
  }

  /** Whether the bytes of a packet, or its FIN, left in whatever packets. */
  #leavesInBytes(packet: Captured): boolean {
    const other = packet.side === 'inside' ? 'outside' : 'inside';
    const copies = this.#packets.filter(
      (one) =>
        one.side === other &&
        one.protocol === 'tcp' &&
        portsOf(one) === portsOf(packet) &&
        one.sourcePort === packet.sourcePort,
    );
    if (packet.flags.includes('F') && !copies.some(({ flags }) => flags.includes('F'))) return false;
    const last = packet.seq + packet.length;
    return (
      packet.length === 0 ||
      copies.some((one) => one.seq <= packet.seq + packet.length - 1 && one.seq + one.length >= last)
    );
  }
}

import type { AnnouncedConnection, Endpoint } from '../model/attempt.ts';
import { addressOf, arrivesAt, belongsTo, type Ends, opens } from '../model/endpoint.ts';
import { fragmentationNeeded, isSameError } from '../model/evidence.ts';
import { isSilentAcknowledgement, isTakenByHost, queueingRule, type SeenPacket } from '../model/packet.ts';
import { does } from '../model/rule-text.ts';

/**
 * Ends a wait for a connection to come about or, where it `stands`, for whatever is to come over it. The client knows whether it
 * still waits for that.
 */
export type StopWaiting = (stands: boolean) => void;

/**
 * What a drop says of the same packet when it is sent again. `final`: it must fare alike. `answers-may-pass`: the answer to a SYN
 * may pass, as the first one has marked the connection. `openings-may-pass`: so may a SYN, as it is no longer what an FTP helper
 * expected. `may-pass`: time, count or chance may let it pass, which
 * shows once it has been sent again for `within` milliseconds.
 */
export type DropSense =
  | { readonly kind: 'final' | 'answers-may-pass' | 'openings-may-pass' }
  | { readonly kind: 'may-pass'; readonly within: number };

/** Ends the client's waits that a packet, or a packet that is sent again, shows to be in vain. */
export class VainWaits {
  readonly packets: SeenPacket[] = [];
  readonly #waits = new Map<AnnouncedConnection, StopWaiting>();
  /** The packets of each connection that was announced. */
  readonly #own = new Map<AnnouncedConnection, Set<SeenPacket>>();
  #last: AnnouncedConnection | undefined;
  #decided = false;
  /** Whether the client was told to give up on a connection that stands. */
  endedStanding = false;

  /**
   * `everybody`: the addresses that somebody has. `onHope` is called with each packet that a rule dropped and that is waited for all
   * the same, since it may pass when it is sent again.
   */
  constructor(
    readonly ends: Ends,
    readonly drops: DropSense,
    readonly everybody: readonly string[],
    readonly onHope: (packet: SeenPacket) => void = () => undefined,
  ) {}

  /** A connection that the client now waits for. */
  announce(connection: AnnouncedConnection, stop: StopWaiting): void {
    // One control connection at a time: nobody waits for the former one any more.
    if (connection.purpose === 'control') this.#waits.clear();
    this.#last = connection;
    this.#own.set(connection, new Set(this.packets.filter((packet) => this.#joins(connection, packet))));
    this.#waits.set(connection, stop);
    for (const packet of this.packets) this.#consider(packet);
  }

  hear(packet: SeenPacket): void {
    this.packets.push(packet);
    for (const [connection, own] of this.#own) if (this.#joins(connection, packet)) own.add(packet);
    this.#consider(packet);
  }

  #consider(packet: SeenPacket): void {
    if (isTooLarge(packet)) {
      const ofLast = this.#last && this.#own.get(this.#last);
      const isOfLast = (seen: SeenPacket) => ofLast?.has(seen) === true;
      const known = this.packets.some((seen) => isSameError(seen, packet) && isOfLast(seen));
      // What an upload waits for is the server's reply.
      if (known || isOfLast(packet)) this.#stop(({ purpose }) => purpose === 'control', true);
      return;
    }
    const stands = !opens(packet);
    this.#stop((connection) => this.#isOf(connection, packet) && this.#inVain(connection, packet), stands);
    const dropped = packet.fate === 'refused' && packet.decision?.action === 'drop';
    if (dropped && this.drops.kind !== 'final' && this.#isAwaited(packet)) this.onHope(packet);
  }

  #isAwaited(packet: SeenPacket): boolean {
    return [...this.#waits.keys()].some((connection) => this.#isOf(connection, packet));
  }

  #stop(inVain: (connection: AnnouncedConnection) => boolean, stands: boolean): void {
    for (const [connection, stop] of this.#waits)
      if (inVain(connection)) {
        this.#waits.delete(connection);
        if (connection.step.startsWith('store')) this.#decided = true;
        this.endedStanding ||= stands;
        stop(stands);
      }
  }

  #joins(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    return belongsTo(connection, packet, this.ends);
  }

  #isOf(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    return this.#own.get(connection)?.has(packet) === true;
  }

  #packetsOf(connection: AnnouncedConnection): SeenPacket[] {
    return [...(this.#own.get(connection) ?? [])];
  }

  #inVain(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    const { fate, decision, stray, again } = packet;
    if (opens(packet)) return this.#openingInVain(connection, packet);
    if (isSpare(connection, packet) && !this.#answersSynAck(connection, packet)) return false;
    switch (fate) {
      case 'sent':
        // A firewall that resets the server's side tells the client nothing.
        return packet.own === true && packet.flags.includes('RST') && this.#isClients(packet.source);
      case 'refused':
        if (stray && decision?.action === 'drop') return true;
        if (decision?.action === 'reject' && !this.#isClients(packet.source)) return true;
        if (!again && !this.#answersAgain(connection, packet)) return false;
        return this.#proven(packet);
      case 'lost':
        return (
          again === true ||
          this.#answersAgain(connection, packet) ||
          (packet.flags.includes('PSH') && this.#isSentAgain(packet))
        );
      default:
        return false;
    }
  }

  /** A SYN, or the answer to one. */
  #openingInVain(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    const { fate, decision, flags } = packet;
    const isAnswer = flags.includes('ACK');
    if (fate === 'sent')
      return (
        this.#goesToNobody(packet) ||
        (!isAnswer && this.#isSentAgain(packet) && !this.#isAnswered(connection))
      );
    if (fate === 'lost') return this.#decided || isTaken(packet) || this.#isSentAgain(packet);
    if (fate !== 'refused') return false;
    // Whoever sent a SYN is told that it is rejected, but not that the answer to it is.
    if (decision?.action === 'reject' && !isAnswer) return false;
    if (this.drops.kind === 'final' || this.#decided) return true;
    if (this.drops.kind === 'answers-may-pass' && !isAnswer) return true;
    return this.#isSentAgain(packet) && this.#proven(packet);
  }

  /** Whether address translation sent the packet to, or in the name of, an address that nobody has. */
  #goesToNobody(packet: SeenPacket): boolean {
    const { translated } = packet;
    // What a host has taken may have got an address that only this host knows.
    if (!translated || isTakenByHost(packet)) return false;
    return [translated.source, translated.destination].some(
      (end) => !this.everybody.includes(addressOf(end)),
    );
  }

  /**
   * Whether a packet answers one that was sent again and came through: a last one of the handshake, without which the answer to
   * the SYN is sent again (RFC 9293 section 3.5), or an acknowledgement.
   */
  #answersAgain(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    return this.#answeredBy(connection, packet).length > 0;
  }

  #answersSynAck(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    return this.#answeredBy(connection, packet).some(({ flags }) => flags === 'SYN ACK');
  }

  /** Packets of the connection that were sent again and came through, and that this one may answer. */
  #answeredBy(connection: AnnouncedConnection, packet: SeenPacket): SeenPacket[] {
    return this.#packetsOf(connection).filter(
      (seen) =>
        seen.again &&
        seen.fate === 'sent' &&
        seen.firewall === packet.firewall &&
        arrivesAt(seen) === packet.source,
    );
  }

  /** Whether an answer to the connection's SYN passed, or was dropped, of which the next one tells more. */
  #isAnswered(connection: AnnouncedConnection): boolean {
    return this.#packetsOf(connection).some(
      ({ flags, fate }) => flags === 'SYN ACK' && (fate === 'sent' || fate === 'refused'),
    );
  }

  /** Whether a packet has been sent again for as long as it may need until it passes, and none like it has passed meanwhile. */
  #proven(packet: SeenPacket): boolean {
    if (this.drops.kind !== 'may-pass') return true;
    const first = this.packets.find((seen) => isSame(seen, packet));
    if (!first || Date.parse(packet.at) - Date.parse(first.at) < this.drops.within) return false;
    const since = this.packets.slice(this.packets.indexOf(first));
    return !since.some((seen) => seen.fate === 'sent' && isSame({ ...seen, fate: packet.fate }, packet));
  }

  #isSentAgain(packet: SeenPacket): boolean {
    return this.packets.some((seen) => seen !== packet && isSame(seen, packet));
  }

  #isClients(end: Endpoint): boolean {
    return this.ends.client.includes(addressOf(end));
  }
}

/** Whether a firewall kept from the sender that its packets are too large. */
function isTooLarge({ fate, decision, unreachable }: SeenPacket): boolean {
  return fate === 'refused' && decision?.action === 'drop' && unreachable?.code === fragmentationNeeded;
}

/**
 * Whether a control connection does without the packet: one that only acknowledges, and that was lost without a word to its sender.
 * The next one acknowledges as well. Not so the one that completes the handshake, if the other end waits for it.
 */
function isSpare({ purpose }: AnnouncedConnection, packet: SeenPacket): boolean {
  return purpose === 'control' && !packet.stray && isSilentAcknowledgement(packet);
}

/** Whether a rule sent the packet elsewhere, or into a queue. */
function isTaken(packet: SeenPacket): boolean {
  const turned = packet.met.some(
    ({ rule, verdict }) => verdict !== 'continue' && rule !== null && does('new destination', rule),
  );
  return turned || queueingRule(packet) !== undefined;
}

/** Whether two packets that a firewall saw are one that its sender repeats, with the same fate. */
function isSame(one: SeenPacket, other: SeenPacket): boolean {
  const keys = ['firewall', 'fate', 'flags', 'source', 'destination'] as const;
  return keys.every((key) => one[key] === other[key]);
}

import type { AnnouncedConnection, Endpoint } from '../model/attempt.ts';
import { addressOf, belongsTo, type Ends, opens } from '../model/endpoint.ts';
import { fragmentationNeeded, isSameError } from '../model/evidence.ts';
import type { SeenPacket } from '../model/packet.ts';

/**
 * Ends a wait for a connection to come about or, where it `stands`, for whatever is to come over it. The client knows whether it
 * still waits for that.
 */
export type StopWaiting = (stands: boolean) => void;

/**
 * What a drop says of the same packet when it is sent again. `final`: it must fare alike. `openings-may-pass`: one that opens a
 * connection may pass, as it is no longer what an FTP helper expected. `may-pass`: time, count or chance may let it pass.
 */
export type DropSense = 'final' | 'openings-may-pass' | 'may-pass';

/** How long a packet that may pass is sent again in vain before its sender is told, in milliseconds. */
const provenAfter = 900;

/** Ends the client's waits that a packet, or a packet that is sent again, shows to be in vain. */
export class VainWaits {
  readonly packets: SeenPacket[] = [];
  readonly #waits = new Map<AnnouncedConnection, StopWaiting>();
  readonly #all: AnnouncedConnection[] = [];
  #decided = false;
  /** Whether the client was told to give up on a connection that stands. */
  endedStanding = false;

  constructor(
    readonly ends: Ends,
    readonly drops: DropSense,
  ) {}

  /** A connection that the client now waits for. */
  announce(connection: AnnouncedConnection, stop: StopWaiting): void {
    // One control connection at a time: nobody waits for the former one any more.
    if (connection.purpose === 'control') this.#waits.clear();
    this.#all.push(connection);
    this.#waits.set(connection, stop);
    for (const packet of this.packets) this.#consider(packet);
  }

  hear(packet: SeenPacket): void {
    this.packets.push(packet);
    this.#consider(packet);
  }

  #consider(packet: SeenPacket): void {
    if (isTooLarge(packet)) {
      const isOfLast = (seen: SeenPacket) => this.#all.slice(-1).some((last) => this.#joins(last, seen));
      const known = this.packets.some((seen) => isSameError(seen, packet) && isOfLast(seen));
      // What an upload waits for is the server's reply.
      if (known || isOfLast(packet)) this.#stop(({ purpose }) => purpose === 'control', true);
      return;
    }
    const stands = !opens(packet);
    this.#stop((connection) => this.#joins(connection, packet) && this.#inVain(connection, packet), stands);
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

  #inVain(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    const { fate, decision, stray, again } = packet;
    if (opens(packet)) return this.#openingInVain(packet);
    switch (fate) {
      case 'sent':
        // A firewall that resets the server's side tells the client nothing.
        return packet.own === true && packet.flags.includes('RST') && this.#isClients(packet.source);
      case 'refused':
        if (stray && decision?.action === 'drop') return true;
        if (decision?.action === 'reject' && !this.#isClients(packet.source)) return true;
        if (!again && !this.#answersAgain(connection, packet)) return false;
        return this.drops !== 'may-pass' || this.#provenSince(packet);
      case 'lost':
        return again === true || (packet.flags.includes('PSH') && this.#isSentAgain(packet));
      default:
        return false;
    }
  }

  /** A SYN, or the answer to one. */
  #openingInVain(packet: SeenPacket): boolean {
    const { fate, decision, flags } = packet;
    const isAnswer = flags.includes('ACK');
    if (fate === 'sent') return !isAnswer && this.#isSentAgain(packet);
    if (fate === 'lost') return this.#decided || isTurned(packet) || this.#isSentAgain(packet);
    if (fate !== 'refused') return false;
    // Whoever sent a SYN is told that it is rejected, but not that the answer to it is.
    if (decision?.action === 'reject' && !isAnswer) return false;
    return this.drops === 'final' || this.#decided || this.#isSentAgain(packet);
  }

  /**
   * Whether a packet answers one that was sent again and came through: a last one of the handshake, without which the answer to
   * the SYN is sent again (RFC 9293 section 3.5), or an acknowledgement.
   */
  #answersAgain(connection: AnnouncedConnection, packet: SeenPacket): boolean {
    return this.packets.some(
      (seen) =>
        seen.again &&
        seen.fate === 'sent' &&
        seen.firewall === packet.firewall &&
        seen.destination === packet.source &&
        this.#joins(connection, seen),
    );
  }

  #provenSince(packet: SeenPacket): boolean {
    const first = this.packets.find((seen) => isSame(seen, packet));
    return first !== undefined && Date.parse(packet.at) - Date.parse(first.at) >= provenAfter;
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

/** Whether a rule sent the packet elsewhere. */
function isTurned({ met }: SeenPacket): boolean {
  return met.some(
    ({ table, rule, verdict }) =>
      table === 'nat' &&
      verdict !== 'continue' &&
      rule !== null &&
      /\s-j (DNAT|NETMAP|REDIRECT)\b/.test(rule),
  );
}

/** Whether two packets that a firewall saw are one that its sender repeats, with the same fate. */
function isSame(one: SeenPacket, other: SeenPacket): boolean {
  const keys = ['firewall', 'fate', 'flags', 'source', 'destination'] as const;
  return keys.every((key) => one[key] === other[key]);
}

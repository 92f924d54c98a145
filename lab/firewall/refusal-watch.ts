import { LabError } from '../errors.ts';
import type { ConnectionAttempt } from '../ftp/attempt.ts';
import type { FirewallName } from '../network/topology.ts';
import { type Ends, isClientEnd, opens } from './endpoints.ts';
import { readNote, readOnlyHit, readPacket, type TracedPacket } from './trace.ts';

/** A packet that a firewall refused, or whose FTP command its filter spoilt. */
export interface Refusal {
  readonly firewall: FirewallName;
  readonly packet: TracedPacket;
}

/** Packets kept for attempts that ask later than the trace tells. */
const packetsKept = 2000;

/** How long a bookmark may take to show in the trace, in milliseconds. */
const bookmarkWithin = 10_000;

/** Brings together what the firewalls' traces say and the connections that attempts wait for. */
export class RefusalWatch {
  readonly #recent: Refusal[] = [];
  readonly #accepted: Refusal[] = [];
  readonly #listeners = new Set<(refusal: Refusal) => void>();
  readonly #bookmarks = new Map<string, () => void>();
  readonly #ended = new Set<FirewallName>();
  #nextBookmark = 1;
  #losses = 0;

  /** To be fed with every line of the firewalls' logs. */
  feed(firewall: FirewallName, line: string): void {
    const packet = readPacket(line);
    if (packet) this.#report(firewall, packet);
    const note = readNote(line);
    if (!note) return;
    if ('lost' in note) this.#losses++;
    else this.#bookmarks.get(`${firewall} ${note.bookmark}`)?.();
  }

  #report(firewall: FirewallName, packet: TracedPacket): void {
    const refusal = { firewall, packet };
    if (packet.decision.action === 'accept' && readOnlyHit(packet) === null) {
      remember(this.#accepted, refusal);
      return;
    }
    remember(this.#recent, refusal);
    for (const listener of this.#listeners) listener(refusal);
  }

  /** To be told when a firewall's log ends. */
  end(firewall: FirewallName): void {
    this.#ended.add(firewall);
  }

  /** How often a firewall's trace had gaps so far. */
  get losses(): number {
    return this.#losses;
  }

  /** A refusal that the trace has shown already. */
  known(matches: (refusal: Refusal) => boolean): Refusal | undefined {
    return this.#recent.find(matches);
  }

  /** Whether a firewall is known to have let a connection's SYN through to the other side. */
  forwarded(firewall: FirewallName, connection: ConnectionAttempt, ends: Ends): boolean {
    return this.#accepted.some(
      ({ firewall: by, packet }) =>
        by === firewall &&
        !packet.flags.includes('ACK') &&
        opens(packet, connection, ends) &&
        packet.met.some(({ table, chain }) => table === 'filter' && chain === 'FORWARD'),
    );
  }

  /** Calls `found` for the first refusal that matches, be it recent or to come; returns how to stop listening. */
  find(matches: (refusal: Refusal) => boolean, found: (refusal: Refusal) => void): () => void {
    const listener = (refusal: Refusal) => {
      if (!matches(refusal)) return;
      this.#listeners.delete(listener);
      found(refusal);
    };
    const known = this.known(matches);
    if (known) found(known);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves with true once a firewall's trace has come to this moment: `put` sends a bookmark, which the trace shows
   * after everything that happened before. False where it does not show in time. Throws LabError `trace-ended`.
   */
  async upToDate(firewall: FirewallName, put: (bookmark: number) => Promise<void>): Promise<boolean> {
    if (this.#ended.has(firewall)) throw traceEnded(firewall);
    const bookmark = this.#nextBookmark;
    this.#nextBookmark = (this.#nextBookmark % 65535) + 1;
    const key = `${firewall} ${bookmark}`;
    const shown = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), bookmarkWithin);
      this.#bookmarks.set(key, () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    await put(bookmark);
    return shown.finally(() => this.#bookmarks.delete(key));
  }

  /** Forgets what was refused under a former rule set. */
  clear(): void {
    this.#recent.length = 0;
    this.#accepted.length = 0;
  }
}

function remember(packets: Refusal[], packet: Refusal): void {
  packets.push(packet);
  if (packets.length > packetsKept) packets.shift();
}

function traceEnded(firewall: FirewallName): LabError {
  return new LabError(
    'environment',
    'trace-ended',
    `${firewall} has stopped tracing, so that nobody knows which rule decides`,
    'Was its container removed? "ftplab status" shows the lab, "ftplab up" repairs it.',
  );
}

/** Matches the packets that open a connection of an attempt and were refused. */
export function refuses(connection: ConnectionAttempt, ends: Ends): (refusal: Refusal) => boolean {
  return ({ packet }) => packet.decision.action !== 'accept' && opens(packet, connection, ends);
}

/** Matches upload commands on a control connection that a firewall's Read Only filter spoilt. */
export function spoils(control: ConnectionAttempt, ends: Ends): (refusal: Refusal) => boolean {
  return ({ packet }) =>
    readOnlyHit(packet) !== null &&
    packet.destination === control.destination &&
    isClientEnd(packet.source, control.source, ends);
}

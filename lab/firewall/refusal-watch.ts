import type { ConnectionAttempt } from '../ftp/attempt.ts';
import type { FirewallName } from '../network/topology.ts';
import { type Ends, isClientEnd, opens } from './endpoints.ts';
import { readOnlyHit, type TracedPacket } from './trace.ts';

/** A packet that a firewall refused, or whose FTP command its filter spoilt. */
export interface Refusal {
  readonly firewall: FirewallName;
  readonly packet: TracedPacket;
}

/** Refused packets kept for an attempt that hears of its connection later than the trace does. */
const recentRefusals = 500;

/** How long to wait for the trace of a packet whose answer the client already has, in milliseconds. */
const traceDelay = 150;

/** Brings together what the firewalls' traces say and the connections that attempts wait for. */
export class RefusalWatch {
  readonly #recent: Refusal[] = [];
  readonly #listeners = new Set<(refusal: Refusal) => void>();

  /** To be fed with every traced packet. */
  report(firewall: FirewallName, packet: TracedPacket): void {
    if (packet.decision.action === 'accept' && readOnlyHit(packet) === null) return;
    const refusal = { firewall, packet };
    this.#recent.push(refusal);
    if (this.#recent.length > recentRefusals) this.#recent.shift();
    for (const listener of this.#listeners) listener(refusal);
  }

  /** Calls `found` for the first refusal that matches, be it recent or to come; returns how to stop listening. */
  find(matches: (refusal: Refusal) => boolean, found: (refusal: Refusal) => void): () => void {
    const listener = (refusal: Refusal) => {
      if (!matches(refusal)) return;
      this.#listeners.delete(listener);
      found(refusal);
    };
    const known = this.#recent.find(matches);
    if (known) found(known);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The matching refusal, or `undefined` where the trace shows none within its usual delay. */
  settled(matches: (refusal: Refusal) => boolean): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        stop();
        resolve(undefined);
      }, traceDelay);
      const stop = this.find(matches, (refusal) => {
        clearTimeout(timer);
        resolve(refusal);
      });
    });
  }

  /** Forgets what was refused under a former rule set. */
  clear(): void {
    this.#recent.length = 0;
  }
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

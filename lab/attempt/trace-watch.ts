import { ownBookmark, readNote, readPacket } from '../agent/tracer/trace-log.ts';
import { LabError } from '../errors.ts';
import type { SeenPacket } from '../model/packet.ts';
import type { FirewallName } from '../network/topology.ts';

/** What the traces told since {@link TraceWatch.record} was called. */
export interface Recording {
  readonly packets: readonly SeenPacket[];
  stop(): void;
}

/** How long a bookmark may take to show in the trace, in milliseconds. */
const bookmarkWithin = 10_000;

/** Hands what the firewalls' traces say to the attempts under way. */
export class TraceWatch {
  readonly #listeners = new Set<(packet: SeenPacket) => void>();
  readonly #bookmarks = new Map<string, () => void>();
  readonly #ended = new Set<FirewallName>();
  #nextBookmark = 1;
  #losses = 0;

  /** To be fed with every line of the firewalls' logs. */
  feed(firewall: FirewallName, line: string): void {
    const packet = readPacket(line);
    if (packet) for (const listener of this.#listeners) listener({ firewall, ...packet });
    const note = readNote(line);
    if (!note) return;
    if ('lost' in note) this.#losses++;
    else this.#bookmarks.get(`${firewall} ${note.bookmark}`)?.();
  }

  /** To be told when a firewall's log ends. */
  end(firewall: FirewallName): void {
    this.#ended.add(firewall);
  }

  /** How often a firewall's trace had gaps so far. */
  get losses(): number {
    return this.#losses;
  }

  /** Keeps, from now on, the packets that `wanted` says yes to. */
  record(wanted: (packet: SeenPacket) => boolean): Recording {
    const packets: SeenPacket[] = [];
    const listener = (packet: SeenPacket) => {
      if (wanted(packet)) packets.push(packet);
    };
    this.#listeners.add(listener);
    return { packets, stop: () => this.#listeners.delete(listener) };
  }

  /**
   * Resolves with true once a firewall's trace has come to this moment: `put` sends a bookmark, which the trace shows
   * after everything that happened before. False where it does not show in time. Throws LabError `trace-ended`.
   */
  async upToDate(firewall: FirewallName, put: (bookmark: number) => Promise<void>): Promise<boolean> {
    if (this.#ended.has(firewall)) throw traceEnded(firewall);
    const bookmark = this.#nextBookmark;
    this.#nextBookmark = (this.#nextBookmark % (ownBookmark - 1)) + 1;
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
}

function traceEnded(firewall: FirewallName): LabError {
  return new LabError(
    'environment',
    'trace-ended',
    `${firewall} has stopped tracing, so that nobody knows which rule decides`,
    'Was its container removed? "ftplab status" shows the lab, "ftplab up" repairs it.',
  );
}

import { loadedBookmark, readNote, readPacket } from '../agent/tracer/trace-log.ts';
import { LabError } from '../errors.ts';
import type { SeenPacket } from '../model/packet.ts';
import type { RulesPlace } from '../network/topology.ts';

/** What the traces have reported since {@link TraceWatch.record} was called. */
export interface Recording {
  readonly packets: readonly SeenPacket[];
  stop(): void;
}

/** How long a bookmark may take to appear in the trace, in milliseconds. */
const bookmarkWithin = 10_000;

/** How often a tracer that begins is sent a bookmark, in milliseconds. */
const bookmarkEvery = 25;

/** Passes what the firewalls' traces report to the running attempts. */
export class TraceWatch {
  readonly #listeners = new Set<(packet: SeenPacket) => void>();
  readonly #bookmarks = new Map<string, () => void>();
  readonly #ended = new Set<RulesPlace>();
  #nextBookmark = 1;
  #losses = 0;

  /** Call this with every line of the firewalls' logs. */
  feed(firewall: RulesPlace, line: string): void {
    const packet = readPacket(line);
    if (packet) for (const listener of this.#listeners) listener({ firewall, ...packet });
    const note = readNote(line);
    if (!note) return;
    if ('lost' in note) this.#losses++;
    else this.#bookmarks.get(`${firewall} ${note.bookmark}`)?.();
  }

  /** Call this when a firewall's log ends. */
  end(firewall: RulesPlace): void {
    this.#ended.add(firewall);
  }

  /** How often a firewall's trace has had gaps so far. */
  get losses(): number {
    return this.#losses;
  }

  /** From now on, keeps the packets that `wanted` accepts. */
  record(wanted: (packet: SeenPacket) => boolean): Recording {
    const packets: SeenPacket[] = [];
    const listener = (packet: SeenPacket) => {
      if (wanted(packet)) packets.push(packet);
    };
    this.#listeners.add(listener);
    return { packets, stop: () => this.#listeners.delete(listener) };
  }

  /**
   * Resolves with true when a firewall's trace has reached this moment: `put` sends a bookmark, which the trace shows
   * after everything that happened before. False if it does not appear in time. Throws LabError `trace-ended`.
   */
  async upToDate(place: RulesPlace, put: (bookmark: number) => Promise<void>): Promise<boolean> {
    if (this.#ended.has(place)) throw traceEnded(place);
    return this.#shows(place, put);
  }

  /** The same for a tracer that has only been started, to which bookmarks are sent until it shows one. */
  async begins(place: RulesPlace, put: (bookmark: number) => Promise<void>): Promise<boolean> {
    this.#ended.delete(place);
    let again: NodeJS.Timeout | undefined;
    const begun = this.#shows(place, async (bookmark) => {
      // The lab may end meanwhile, and the agent with it.
      again = setInterval(() => void put(bookmark).catch(() => clearInterval(again)), bookmarkEvery);
    });
    return begun.finally(() => clearInterval(again));
  }

  async #shows(place: RulesPlace, put: (bookmark: number) => Promise<unknown>): Promise<boolean> {
    const bookmark = this.#nextBookmark;
    this.#nextBookmark = (this.#nextBookmark % (loadedBookmark - 1)) + 1;
    const key = `${place} ${bookmark}`;
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

function traceEnded(place: RulesPlace): LabError {
  return new LabError(
    'environment',
    'trace-ended',
    `${place} has stopped tracing, so the lab cannot tell which rule decides`,
    'Was this host removed? "ftplab status" shows the lab, "ftplab up" repairs it.',
  );
}

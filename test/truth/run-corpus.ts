import { setTimeout as delay } from 'node:timers/promises';
import { misses, type Result } from './compare.ts';
import type { Entry } from './entry.ts';
import type { HeldLab } from './held-lab.ts';
import type { Scored } from './score.ts';
import { tryEntry } from './try-entry.ts';

/** An entry and the kind that it is counted under. */
export interface Chosen {
  readonly kind: string;
  readonly entry: Entry;
}

/** Shares work out to labs: each takes the next item as soon as it is free. */
export async function shareOut<T>(
  labs: readonly HeldLab[],
  items: Iterable<T>,
  work: (held: HeldLab, item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items].values();
  await Promise.all(
    labs.map(async (held) => {
      for (const item of rest) await work(held, item);
    }),
  );
}

/** Tries an entry and compares it with what was expected. `limit`: how long it may take, in milliseconds. */
export async function scoreEntry(held: HeldLab, { kind, entry }: Chosen, limit: number): Promise<Scored> {
  await held.get();
  const begun = performance.now();
  const result = await resultOf(held, entry, limit);
  const ms = performance.now() - begun;
  return { kind, entry, result, misses: misses(entry.expected, result), ms };
}

/**
 * What the lab makes of an entry. A lab that gives no answer in time is given up. `patience`: let the client wait so long for
 * each answer, in milliseconds, instead of ending waits by the trace.
 */
export async function resultOf(
  held: HeldLab,
  entry: Entry,
  limit: number,
  patience?: number,
): Promise<Result> {
  const enough = new AbortController();
  const result = await Promise.race([
    tryEntry(await held.get(), entry, held.network, patience),
    delay(limit, undefined, { signal: enough.signal }).catch(() => undefined),
  ]);
  enough.abort();
  if (result) return result;
  await held.giveUp();
  return { kind: 'error', message: `no answer within ${limit / 1000} s` };
}

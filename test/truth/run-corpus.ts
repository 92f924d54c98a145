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

/** Tries entries one after another and hands each over as it is done. `limit`: how long one may take, in milliseconds. */
export async function* runCorpus(
  held: HeldLab,
  chosen: readonly Chosen[],
  limit: number,
): AsyncGenerator<Scored> {
  for (const { kind, entry } of chosen) {
    await held.get();
    const begun = performance.now();
    const result = await resultOf(held, entry, limit);
    const ms = performance.now() - begun;
    yield { kind, entry, result, misses: misses(entry.expected, result), ms };
  }
}

/** What the lab makes of an entry. A lab that gives no answer in time is given up. */
async function resultOf(held: HeldLab, entry: Entry, limit: number): Promise<Result> {
  const enough = new AbortController();
  const result = await Promise.race([
    tryEntry(await held.get(), entry, held.network),
    delay(limit, undefined, { signal: enough.signal }).catch(() => undefined),
  ]);
  enough.abort();
  if (result) return result;
  await held.giveUp();
  return { kind: 'error', message: `no answer within ${limit / 1000} s` };
}

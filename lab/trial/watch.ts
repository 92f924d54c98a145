import { toTenths } from '../duration.ts';
import { LabError } from '../errors.ts';
import { headed } from '../model/origin.ts';
import type { RoundResult } from '../model/result/round.ts';
import {
  type ClientName,
  clientNames,
  guardOf,
  isGateway,
  type RulesPlace,
  usualFirewall,
} from '../network/topology.ts';
import { changed, compareCells } from '../verdict/comparison.ts';
import { judgeDemands } from '../verdict/demands.ts';
import type { DemandOptions } from './demanded.ts';
import { type Conditions, inLab } from './in-lab.ts';
import type { Lab } from './lab.ts';
import { originIn } from './origin-of.ts';
import { loadRules, type NamedRules, type RulesOptions } from './read-rules.ts';
import { attemptAll } from './run-scenarios.ts';
import { Saves } from './saves.ts';
import { standardInput } from './text-of.ts';
import { readTrial, type Trial, type Uploads } from './try.ts';
import { loadAndRequireControls } from './under-rules.ts';

export interface WatchRequest extends RulesOptions, Uploads, DemandOptions, Conditions {
  /** Ends it: it then takes the lab down and returns. */
  readonly signal: AbortSignal;
  /** Called with the result for each save, including the first reading. */
  readonly onRound: (round: RoundResult) => void | Promise<void>;
  /** Called when there is nothing to do until the next save. */
  readonly onIdle?: () => void;
}

/**
 * Tries uploads under a file's rules, and again each time the file or one of its imports is saved, until the signal
 * aborts. If no clients are named, one client tries: that is enough for a firewall's rules, and fast. What is needed
 * or forbidden is tried too. A save that does not load is a round as well. Throws LabError; the signal's reason only if it aborts before the first round.
 */
export async function watch(file: string, request: WatchRequest): Promise<void> {
  if (file === standardInput)
    throw new LabError(
      'usage',
      'option-not-applicable',
      'Standard input cannot be watched, since it is read once',
      'Name a file.',
    );
  const { signal, onRound, onIdle, progress } = request;
  const clients = request.clients ?? usualClients(request.on);
  const read = () => readTrial(file, { ...request, clients });
  const first = await read();
  let rounds = 0;
  let last: RoundResult | undefined;
  const show = (round: RoundResult) => {
    rounds++;
    if (round.error === null) last = round;
    return onRound(round);
  };
  try {
    await inLab(request, async (lab) => {
      // So that a file that does not load leaves rules under which nothing passes.
      await loadAndRequireControls(lab, [], first.attempts, request, [first.rules]);
      await using saves = await Saves.of(pathsOf(first.rules, file));
      for (let next = async () => first; !signal.aborted; next = read) {
        const saved = new AbortController();
        const waiting = saves.next(signal).finally(() => saved.abort());
        waiting.catch(() => undefined); // the loop's condition checks it
        progress?.(`Trying ${file}`);
        const round = await roundOf(next, last, { lab, saves, signal: saved.signal });
        if (round) await show(round);
        onIdle?.();
        await waiting.catch(() => undefined);
      }
    });
  } catch (error) {
    if (rounds === 0 || error !== signal.reason) throw error;
  }
}

/** Reads the file, loads it and tries the uploads; `undefined` if it was saved again meanwhile. */
async function roundOf(
  read: () => Promise<Trial>,
  before: RoundResult | undefined,
  { lab, saves, signal }: { readonly lab: Lab; readonly saves: Saves; readonly signal: AbortSignal },
): Promise<RoundResult | undefined> {
  const start = performance.now();
  const ended = () => ({ ms: toTenths(performance.now() - start), at: new Date().toISOString() });
  try {
    const { rules, attempts, asked } = await read();
    saves.add(pathsOf(rules));
    const notes = await loadRules(lab, rules, attempts);
    const cells = await attemptAll(
      lab,
      attempts.map((key) => ({ key })),
      { signal },
    );
    const changes = changed(compareCells(before?.cells ?? [], cells));
    return {
      ...headed('round', originIn(lab, [rules])),
      cells,
      changes,
      notes,
      ...(asked.attempts.length > 0 && { demands: judgeDemands(asked, cells) }),
      error: null,
      ...ended(),
    };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!(error instanceof LabError) || error.kind !== 'usage') throw error;
    const { code, message, hint = null } = error;
    const nothing = { cells: [], changes: [], notes: [] };
    return {
      ...headed('round', originIn(lab)),
      ...nothing,
      error: { code, message, hint },
      ...ended(),
    };
  }
}

function usualClients(place: RulesPlace | undefined = usualFirewall()): readonly ClientName[] | undefined {
  if (place === undefined) return undefined;
  if (isGateway(place))
    return clientNames()
      .filter((client) => guardOf(client) === place)
      .slice(0, 1);
  if (clientNames().includes(place)) return undefined;
  const guarded = clientNames().filter((client) => guardOf(client) !== undefined);
  return guarded.length === 0 ? undefined : guarded.slice(-1);
}

/** The files that rules were read from; of those that do not say, the one that was named. */
function pathsOf({ files }: NamedRules, file?: string): string[] {
  return files?.map(({ path }) => path) ?? (file === undefined ? [] : [file]);
}

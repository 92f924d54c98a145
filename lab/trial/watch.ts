import { LabError } from '../errors.ts';
import type { Round } from '../model/round.ts';
import type { ClientName, FirewallName } from '../network/topology.ts';
import { type Conditions, inLab } from './in-lab.ts';
import type { Lab } from './lab.ts';
import { loadRules, type RulesOptions } from './read-rules.ts';
import { attemptAll } from './run-scenarios.ts';
import { Saves } from './saves.ts';
import { readTrial, type Trial, type Uploads } from './try.ts';
import { loadAndRequireControls } from './under-rules.ts';

export interface WatchRequest extends RulesOptions, Uploads, Conditions {
  /** Ends it: after that it takes the lab down and returns. */
  readonly signal: AbortSignal;
  /** What each save came to, the first reading included. */
  readonly onRound: (round: Round) => void | Promise<void>;
  /** Nothing is to be done until the next save. */
  readonly onIdle?: () => void;
}

/**
 * Tries uploads under a file's rules, and again each time that the file, or one that it imports, is saved, until the signal
 * aborts. Without clients named, one client tries: that is enough for a firewall's rules, and fast. A save that does not load is
 * a round as well. Throws LabError; the signal's reason only if it aborts before the first round.
 */
export async function watch(
  file: string,
  { on, ipset, own, clients, servers, modes, drivers, tls, onRound, onIdle, ...conditions }: WatchRequest,
): Promise<void> {
  const { signal } = conditions;
  const choice = { servers, modes, drivers, tls, clients: clients ?? usualClients(on) };
  const read = () => readTrial(file, { on, ipset, own, ...choice });
  const first = await read();
  let rounds = 0;
  const show = (round: Round) => {
    rounds++;
    return onRound(round);
  };
  try {
    await inLab(conditions, own, async (lab) => {
      // So that a file that does not load leaves rules under which nothing passes.
      await loadAndRequireControls(lab, [], first.attempts, conditions);
      await using saves = await Saves.of(first.rules.files ?? [file]);
      for (let next = async () => first; !signal.aborted; next = read) {
        const saved = new AbortController();
        const waiting = saves.next(signal).finally(() => saved.abort());
        waiting.catch(() => undefined); // the loop's condition tells
        conditions.progress?.(`Trying ${file}`);
        const round = await roundOf(next, lab, saves, saved.signal);
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
  lab: Lab,
  saves: Saves,
  signal: AbortSignal,
): Promise<Round | undefined> {
  const start = performance.now();
  const ended = () => ({ ms: performance.now() - start, at: new Date() });
  try {
    const { rules, attempts } = await read();
    saves.add(rules.files ?? []);
    const notes = await loadRules(lab, rules, attempts);
    const cells = await attemptAll(
      lab,
      attempts.map((key) => ({ key })),
      { signal },
    );
    return { kind: 'tried', cells, notes, ...ended() };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!(error instanceof LabError) || error.kind !== 'usage') throw error;
    return { kind: 'refused', error, ...ended() };
  }
}

function usualClients(firewall: FirewallName = 'isa-y'): readonly ClientName[] {
  return [firewall === 'isa-x' ? 'x-workstation' : 'y-server'];
}

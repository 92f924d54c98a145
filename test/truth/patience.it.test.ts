/**
 * What the lab says as soon as the trace shows that a client waits in vain is what it says of a client that goes on waiting: a
 * case of each way in which a packet that was dropped may pass when it is sent again. `npm run truth -- --patient 10` compares
 * the two on the whole corpus.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TransferMode } from '../../lab/model/attempt.ts';
import { kinds } from './entries/index.ts';
import { HeldLab } from './held-lab.ts';
import { CorpusNetwork } from './network.ts';
import { bothWays } from './patience.ts';

const held = new HeldLab(new CorpusNetwork(86), { name: 'it-patience' });
beforeAll(async () => {
  await held.get();
});
afterAll(() => held.giveUp());

/** Milliseconds: TCP sends what opens a connection again after 1, 2 and 3 s. */
const patience = 4000;

it.each<[string, string, TransferMode]>([
  ['an expectation that is used up', 'related-dropped-new-accepted', 'pasv'],
  ['an expectation that is used up, and nothing new is let in', 'related-dropped-nothing-new', 'pasv'],
  ['an entry in a set', 'set-second-passes', 'pasv'],
  ['an entry in a list of recent ones', 'recent-second-passes', 'pasv'],
  ['a limit', 'limit-room-after-two-seconds', 'pasv'],
  ['a mark', 'connmark-second-answer-passes', 'pasv'],
  ['a zone', 'zone-one-way', 'pasv'],
  ['a mapping of NAT', 'masquerade-no-helper', 'port'],
])('of %s', { timeout: 60_000 }, async (_what, name, mode) => {
  const found = kinds.flatMap(({ name: kind, entries }) => entries.map((entry) => ({ kind, entry })));
  const chosen = found.find(({ entry }) => entry.name === name);
  if (!chosen || 'refused' in chosen.entry.expected) throw new Error(`The corpus has no entry ${name}`);
  const outcome = chosen.entry.expected[mode];
  const entry = { ...chosen.entry, expected: { ...(outcome && { [mode]: outcome }) } };
  const { differences } = await bothWays(held, { kind: chosen.kind, entry }, 50_000, patience);
  expect(differences).toEqual([]);
});

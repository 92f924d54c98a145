/** A fixed sample of the corpus, so that the suite notices when an answer is lost; `npm run truth` tries all of it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { misses } from './compare.ts';
import { kinds } from './entries/index.ts';
import { HeldLab } from './held-lab.ts';
import { CorpusNetwork } from './network.ts';
import { tryEntry } from './try-entry.ts';

const sample = [
  'ufw-port-21',
  'shorewall-port-21',
  'firehol-ftp',
  'firewalld-policy-ftp',
  'source-port-20',
  'masquerade-no-helper',
  'log-drop-chain',
  'goto-returns-further-up',
  'raw-policy-drop',
  'reject-active-reset',
  'set-of-passive-ports',
  'notrack-all-stateless',
  'ip6-ufw6-port-21',
  'refused-not-committed',
];

const held = new HeldLab(new CorpusNetwork(85), { name: 'it-truth' });
beforeAll(async () => {
  await held.get();
});
afterAll(() => held.giveUp());

it.each(sample)('%s comes to what was written down', async (name) => {
  const entry = kinds.flatMap(({ entries }) => entries).find((one) => one.name === name);
  if (!entry) throw new Error(`The corpus has no entry ${name}`);
  expect(misses(entry.expected, await tryEntry(await held.get(), entry, held.network))).toEqual([]);
});

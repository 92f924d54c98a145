/** Files of nft rules come to what was written down, and translated ones to what their iptables originals come to. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { misses } from './compare.ts';
import { generated } from './entries/generated.ts';
import { inNftAsWell, nft } from './entries/nft.ts';
import { published } from './entries/published.ts';
import { HeldLab } from './held-lab.ts';
import { CorpusNetwork } from './network.ts';
import { tryEntry } from './try-entry.ts';

/** Of the translated files; `npm run truth` tries all. */
const sample = [
  'ufw-port-21',
  'ferm-helper-nat',
  'fwbuilder-reject-nat',
  'shorewall-dnat',
  'docker-published',
];

const held = new HeldLab(new CorpusNetwork(86), { name: 'it-nft' });
beforeAll(async () => {
  await held.get();
});
afterAll(() => held.giveUp());

const entries = [
  ...nft,
  ...inNftAsWell([...generated, ...published]).filter(({ file }) =>
    sample.some((name) => file?.endsWith(`/${name}.nft`)),
  ),
];
it.each(entries.map((entry) => [entry.name, entry] as const))(
  '%s comes to what was written down',
  async (_name, entry) => {
    expect(misses(entry.expected, await tryEntry(await held.get(), entry, held.network))).toEqual([]);
  },
);

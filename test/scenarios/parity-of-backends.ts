/*
 * Every cell of every scenario, or those that match the arguments, with rule sets compiled to iptables and to nft: which language the
 * firewalls are told the rules in may not show in a verdict. Status 1 if it does. Run: npm run parity -- PATTERN...
 */
import { isDeepStrictEqual } from 'node:util';
import { backends } from '../../lab/policy/backend.ts';
import { run } from '../../lab/trial/run.ts';
import { comparable } from './comparable.ts';

const patterns = process.argv.slice(2);
const name = 'parity-of-backends';
const verdicts = [];
for (const backend of backends) {
  const { cells, summary } = await run({ patterns, backend, name, keep: backend === 'iptables' });
  if (summary.void !== null) throw new Error(`Under ${backend} the controls failed: ${summary.void}`);
  console.log(
    `${backend}: ${cells.length} cells, ${summary.asExpected} as expected, ${(summary.ms / 1000).toFixed(1)} s`,
  );
  verdicts.push(new Map(cells.map((cell) => [cell.id, comparable(cell)])));
}
const [iptables, nft] = verdicts;
if (!iptables || !nft) throw new Error('There are two');
const differing = [...iptables].filter(([id, verdict]) => !isDeepStrictEqual(verdict, nft.get(id)));
for (const [id, verdict] of differing)
  console.log(`${id}\n  iptables ${JSON.stringify(verdict)}\n  nft      ${JSON.stringify(nft.get(id))}`);
console.log(
  differing.length === 0 && nft.size === iptables.size
    ? `${nft.size} cells, the same verdicts by iptables and by nft`
    : `${differing.length} of ${iptables.size} cells differ`,
);
process.exitCode = differing.length === 0 && nft.size === iptables.size ? 0 : 1;

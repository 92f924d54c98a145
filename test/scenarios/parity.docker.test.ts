/** Every cell of every scenario, by a Docker engine and by this machine's namespaces: what makes the hosts may not show in a verdict. */
import { expect, it } from 'vitest';
import { type CellResult, cellsOf, scenarios } from '../../lab/index.ts';
import { run } from '../../lab/trial/run.ts';

const hours = 3_600_000;

it(
  'comes to the same verdicts on Docker and on namespaces, cell by cell',
  async () => {
    const [docker, namespaces] = [await verdictsOn('docker'), await verdictsOn('namespaces')];
    expect(docker.void).toBeNull();
    expect(namespaces.void).toBeNull();
    expect(namespaces.verdicts).toEqual(docker.verdicts);
    const cells = scenarios.flatMap(cellsOf);
    expect(docker.verdicts.size).toBe(cells.length);
    console.log(`${docker.verdicts.size} cells, the same verdicts on Docker and on namespaces`);
  },
  hours,
);

async function verdictsOn(kind: 'docker' | 'namespaces') {
  const { cells, summary } = await run({ kind, name: `parity-${kind}` });
  return { void: summary.void, verdicts: new Map(cells.map((cell) => [cell.id, comparable(cell)])) };
}

/** What a result says, without addresses and ports. Where a scenario leaves to chance which step fails, that is left out. */
function comparable({ steps, verdict, expected, asExpected }: CellResult) {
  const { uploaded, failedAt, cause, firewall, rule, left } = verdict;
  const byChance = expected?.uploaded === false && expected.failedAt === undefined;
  const outcomes = steps.map(({ name, outcome }) => `${name} ${outcome}`);
  const failure = { failedAt, left: amount(left), outcomes };
  return { uploaded, cause, firewall, rule, asExpected, ...(!byChance && failure) };
}

/** How much of the file is on the server: of random contents that a server alters, and of a transfer cut off, the bytes differ. */
function amount(left: CellResult['verdict']['left']) {
  if (!left?.bytes) return left?.bytes;
  return left.bytes < left.of
    ? 'a part'
    : left.bytes === left.of
      ? 'as much as was sent'
      : 'more than was sent';
}

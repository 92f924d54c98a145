/** Every cell of every scenario, by a Docker engine and by this machine's namespaces: what makes the hosts may not show in a verdict. */
import { expect, it } from 'vitest';
import { cellsOf, scenarios } from '../../lab/index.ts';
import { run } from '../../lab/trial/run.ts';
import { comparable } from './comparable.ts';

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

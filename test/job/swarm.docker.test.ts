/** A job in a Docker Swarm of two engines, one of which is lost in mid-run: what it comes to is what an undivided run comes to. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { buildLabImage } from '../../lab/engine/docker/images/lab-image.ts';
import { comparable } from '../scenarios/comparable.ts';
import { swarmTrial } from './swarm-trial.ts';

const image = 'isa-ftp-lab:it-swarm';
const minutes = 60_000;

let daemon: Daemon;
beforeAll(async () => {
  daemon = await findDaemon();
  const signal = new AbortController().signal;
  await buildLabImage(daemon, image, { progress: () => undefined, signal, install: true });
});
afterAll(() => daemon.docker.getImage(image).remove({ force: true }));

it(
  'runs the shards of a lost engine again on the other, and merges to what an undivided run is',
  async () => {
    const trial = await swarmTrial(image, {
      shards: 3,
      patterns: ['as-reported', 'ftp-filter'],
      progress: (line) => console.log(line),
    });
    expect(trial.killed).toBeGreaterThan(0);
    expect(trial.complete.map(({ node }) => node)).toEqual(['one', 'one', 'one']);
    const verdicts = ({ cells }: typeof trial.whole) => cells.map((cell) => [cell.id, comparable(cell)]);
    expect(verdicts(trial.merged)).toEqual(verdicts(trial.whole));
    expect(trial.merged.cells.length).toBeGreaterThan(80);
    expect(trial.merged.summary).toMatchObject({ void: null, asExpected: trial.merged.cells.length });
  },
  10 * minutes,
);

/**
 * `npm run swarm [IMAGE] [PATTERN...]`: a job in a swarm of two Docker engines on this machine that see only each other, of which one
 * is killed in mid-run. Prints what happens and whether the merged result is that of an undivided run; exit status 1 if it is not.
 * IMAGE is the lab in one image (default isa-ftp-lab), which docker(1)'s own engine has; without patterns all cells are tried.
 */
import { isDeepStrictEqual } from 'node:util';
import { swarmTrial } from './job/swarm-trial.ts';
import { comparable } from './scenarios/comparable.ts';

const [image = 'isa-ftp-lab', ...patterns] = process.argv.slice(2);
const { merged, whole, killed } = await swarmTrial(image, { shards: 4, patterns, progress: console.log });
const differing = whole.cells.filter((cell, place) => {
  const other = merged.cells[place];
  return other?.id !== cell.id || !isDeepStrictEqual(comparable(other), comparable(cell));
});
for (const { id } of differing) console.log(`differs: ${id}`);
console.log(
  `${whole.cells.length} cells undivided, ${merged.cells.length} merged, ${differing.length} differ; ${killed} shards ran again on engine one`,
);
process.exitCode = differing.length === 0 && merged.cells.length === whole.cells.length && killed > 0 ? 0 : 1;

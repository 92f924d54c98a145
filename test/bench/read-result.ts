/** `npx tsx test/bench/read-result.ts FILE`: what reading a result document costs. A run with its evidence has about 15 MB. */
import { readFileSync } from 'node:fs';
import { readResults } from '../../lab/model/result/read.ts';
import { line } from './figures.ts';

const [file = ''] = process.argv.slice(2);
const start = performance.now();
const text = readFileSync(file, 'utf8');
readResults(file, text);
const took = performance.now() - start;
const memory = Math.round(process.resourceUsage().maxRSS / 1024); // of KiB, getrusage(2)
line(
  `reading ${(text.length / 1e6).toFixed(1)} MB`,
  took,
  `at most 1 s; ${memory} MB of memory, at most 500 MB`,
);

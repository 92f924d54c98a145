/**
 * `npm run truth`: tries the corpus in one lab and prints the score. Ends with status 1 unless everything that was tried is
 * right, and with 2 if nothing was.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { type Lab, startLab } from '../../lab/index.ts';
import { misses, type Result } from './compare.ts';
import { kinds } from './entries/index.ts';
import type { Entry } from './entry.ts';
import { corpusNetwork } from './network.ts';
import { inMarkdown, missLines, type Scored, scoreLines } from './score.ts';
import { tryEntry } from './try-entry.ts';

/** How long a file may take before the lab is given up and another one started, in milliseconds. */
const longest = 300_000;

interface Options {
  readonly name: string;
  readonly json?: true;
  readonly markdown?: string;
  readonly keep?: true;
  readonly list?: true;
}

const program = new Command('truth')
  .description('try the corpus of rule files and print how many verdicts are right')
  .argument('[pattern]', 'only entries whose name, file or kind matches this regular expression')
  .option('--name <name>', 'name of the lab', 'truth')
  .option('--json', 'write a line of JSON for each file, and the score, instead of text')
  .option('--markdown <file>', 'write the score as a table as well')
  .option('--keep', 'leave the lab up')
  .option('--list', 'list the entries and what is expected of them; try nothing')
  .parse();
const [pattern = ''] = program.args;
const options = program.opts<Options>();
const wanted = new RegExp(pattern, 'i');

const chosen = kinds.flatMap(({ name, entries }) =>
  entries
    .filter((entry) => wanted.test(entry.name) || wanted.test(entry.file ?? '') || wanted.test(name))
    .map((entry) => ({ kind: name, entry })),
);
if (chosen.length === 0) {
  console.error(`No entry matches ${wanted}.`);
  process.exit(2);
}
if (options.list) {
  for (const { kind, entry } of chosen) console.log(`${kind}: ${entry.name}: ${entry.why}`);
  process.exit(0);
}

const scored: Scored[] = [];
let lab = await start();
try {
  for (const { kind, entry } of chosen) {
    const begun = performance.now();
    const result = await unlessItHangs(entry);
    const one = {
      kind,
      entry,
      result,
      misses: misses(entry.expected, result),
      ms: performance.now() - begun,
    };
    scored.push(one);
    say(one);
  }
} finally {
  await lab[Symbol.asyncDispose]();
}
const allRight = scored.every(({ misses }) => misses.length === 0);
if (options.json) console.log(JSON.stringify(totals()));
else for (const line of scoreLines(scored)) console.log(line);
if (options.markdown) await writeFile(options.markdown, inMarkdown(scored));
process.exit(allRight ? 0 : 1);

function start(): Promise<Lab> {
  const { name, keep = false } = options;
  return startLab({ name, keep, own: corpusNetwork, progress: (line) => console.error(line) });
}

async function unlessItHangs(entry: Entry): Promise<Result> {
  const enough = new AbortController();
  const result = await Promise.race([
    tryEntry(lab, entry),
    delay(longest, undefined, { signal: enough.signal }).catch(() => undefined),
  ]);
  enough.abort();
  if (result) return result;
  await lab[Symbol.asyncDispose]();
  lab = await start();
  return { kind: 'error', message: `no answer within ${longest / 1000} s` };
}

function say(one: Scored): void {
  const { kind, entry, misses, ms } = one;
  if (options.json)
    console.log(
      JSON.stringify({ kind, name: entry.name, right: misses.length === 0, ms: Math.round(ms), misses }),
    );
  else for (const line of missLines(one)) console.log(line);
}

function totals(): object {
  const right = scored.filter(({ misses }) => misses.length === 0).length;
  return { right, of: scored.length, ms: Math.round(scored.reduce((sum, { ms }) => sum + ms, 0)) };
}

/**
 * `npm run truth`: tries the corpus in one lab and prints the score. Ends with status 1 unless everything that was tried is
 * right, with 2 if there was nothing to try, with 130 after an interrupt.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type EngineKind, engineKinds } from '../../lab/engine/engine.ts';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { kinds } from './entries/index.ts';
import { runFuzz } from './fuzz/run.ts';
import { HeldLab } from './held-lab.ts';
import { CorpusNetwork } from './network.ts';
import { type Chosen, runCorpus } from './run-corpus.ts';
import { missLines, type Scored, scoreLines, totals, withScore } from './score.ts';

interface Options {
  readonly name: string;
  readonly engine?: EngineKind;
  readonly at?: number;
  readonly limit: number;
  readonly json?: true;
  readonly update?: string;
  readonly keep?: true;
  readonly list?: true;
  readonly fuzz?: number;
  readonly seed: number;
  readonly minutes: number;
}

const program = new Command('truth')
  .description('try the corpus of rule files and print how many verdicts are right')
  .argument('[pattern]', 'only entries whose name, file or kind matches this regular expression')
  .option('--name <name>', 'name of the lab', 'truth')
  .addOption(new Option('--engine <kind>', 'what carries the lab').choices(engineKinds))
  .option('--at <number>', 'stand at 10.NUMBER.0.0/16, beside another lab for the corpus', Number)
  .option('--limit <seconds>', 'how long a file may take before the lab is given up', Number, 300)
  .option('--json', 'write a line of JSON for each file, and the score, instead of text')
  .option('--update <file>', 'write the score into a page in Markdown, between the lines that mark it')
  .option('--keep', 'leave the lab up')
  .option('--list', 'list the entries and why what is expected of them is; try nothing')
  .option('--fuzz <count>', 'try random rule files instead, held against packet captures', Number)
  .option('--seed <number>', 'the number of the first random file', Number, 1)
  .option('--minutes <number>', 'how long the random files may take', Number, 60)
  .parse();
const options = program.opts<Options>();
const { name, keep = false, engine: kind } = options;
const held = new HeldLab(new CorpusNetwork(options.at), { name, keep, ...(kind && { kind }) });
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  void held.giveUp().finally(() => process.exit(130));
});

try {
  process.exitCode =
    options.fuzz === undefined ? await corpus(program.args[0] ?? '') : await fuzz(options.fuzz);
} finally {
  if (!interrupted) await held.giveUp();
}

async function corpus(pattern: string): Promise<number> {
  const chosen = entriesLike(new RegExp(pattern, 'i'));
  if (options.list) {
    for (const { kind, entry } of chosen) console.log(`${kind}: ${entry.name}: ${entry.why}`);
    return 0;
  }
  if (chosen.length === 0) {
    console.error(`No entry matches ${pattern}.`);
    return 2;
  }
  const scored: Scored[] = [];
  for await (const one of runCorpus(held, chosen, options.limit * 1000)) {
    scored.push(one);
    const { kind, entry, misses, ms } = one;
    if (options.json) console.log(JSON.stringify({ kind, name: entry.name, ms: Math.round(ms), misses }));
    else for (const line of missLines(one)) console.log(line);
  }
  const { right, of } = totals(scored);
  if (options.json) console.log(JSON.stringify(totals(scored)));
  else for (const line of scoreLines(scored)) console.log(line);
  if (options.update) {
    const page = await readFile(options.update, 'utf8');
    await writeFile(options.update, withScore(page, scored));
  }
  return right === of ? 0 : 1;
}

function entriesLike(wanted: RegExp): Chosen[] {
  return kinds.flatMap(({ name, entries }) =>
    entries
      .filter((entry) => wanted.test(entry.name) || wanted.test(entry.file ?? '') || wanted.test(name))
      .map((entry) => ({ kind: name, entry })),
  );
}

async function fuzz(count: number): Promise<number> {
  const { seed, minutes, json = false } = options;
  const until = Date.now() + minutes * 60_000;
  const agreed = await runFuzz({
    count,
    seed,
    until,
    json,
    held,
    engine: await findEngine(kind && { kind }),
  });
  return agreed ? 0 : 1;
}

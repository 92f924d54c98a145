/**
 * `npm run truth`: tries the corpus in one lab and prints the score. Ends with status 1 unless everything that was tried is
 * right, with 2 if there was nothing to try, with 130 after an interrupt.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type EngineKind, engineKinds } from '../../lab/engine/engine.ts';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { mendAll } from '../fix/mend-all.ts';
import { kinds } from './entries/index.ts';
import { runFuzz } from './fuzz/run.ts';
import { HeldLab } from './held-lab.ts';
import { CorpusNetwork } from './network.ts';
import { bothWays } from './patience.ts';
import { type Chosen, scoreEntry, shareOut } from './run-corpus.ts';
import { missLines, type Scored, scoreLines, totals, withScore } from './score.ts';
import { timeEntry } from './speed.ts';

interface Options {
  readonly name: string;
  readonly engine?: EngineKind;
  readonly at?: number;
  readonly labs: number;
  readonly limit: number;
  readonly json?: true;
  readonly update?: string;
  readonly keep?: true;
  readonly list?: true;
  readonly speed?: true;
  readonly patient?: number;
  readonly fix?: true;
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
  .option('--labs <count>', 'how many labs share the work', Number, 1)
  .option('--limit <seconds>', 'how long a file may take before the lab is given up', Number, 300)
  .option('--json', 'write a line of JSON for each file, and the score, instead of text')
  .option('--update <file>', 'write the score into a page in Markdown, between the lines that mark it')
  .option('--keep', 'leave the lab up')
  .option('--list', 'list the entries and why what is expected of them is; try nothing')
  .option(
    '--patient <seconds>',
    'try each file both as usual and with clients that wait this long for each answer, and compare the two instead',
    Number,
  )
  .option(
    '--speed',
    'try all cells that cross the firewall, and print how long that takes instead of the score',
  )
  .option(
    '--fix',
    'mend the gateways of test/fix instead, and hold each patch against the one an expert wrote',
  )
  .option('--fuzz <count>', 'try random rule files instead, held against packet captures', Number)
  .option('--seed <number>', 'the number of the first random file', Number, 1)
  .option('--minutes <number>', 'how long the random files may take', Number, 60)
  .parse();
const options = program.opts<Options>();
const { keep = false, engine: kind } = options;
const labs = Array.from({ length: options.labs }, (_, index) => {
  const name = options.labs === 1 ? options.name : `${options.name}-${index + 1}`;
  return new HeldLab(new CorpusNetwork(options.at, index), { name, keep, ...(kind && { kind }) });
});
const giveUp = () => Promise.all(labs.map((held) => held.giveUp()));
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  void giveUp().finally(() => process.exit(130));
});

try {
  const [pattern = ''] = program.args;
  const [first] = labs;
  if (options.fix && first) process.exitCode = await mendAll(first, pattern, options);
  else if (options.fuzz !== undefined) process.exitCode = await fuzz(options.fuzz);
  else process.exitCode = await corpus(pattern);
} finally {
  if (!interrupted) await giveUp();
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
  if (options.speed) return speed(chosen);
  if (options.patient !== undefined) return patient(chosen, options.patient * 1000);
  const scored: Scored[] = [];
  await shareOut(labs, chosen, async (held, choice) => {
    const one = await scoreEntry(held, choice, options.limit * 1000);
    scored.push(one);
    const { kind, entry, misses, ms } = one;
    if (options.json) console.log(JSON.stringify({ kind, name: entry.name, ms: Math.round(ms), misses }));
    else for (const line of missLines(one)) console.log(line);
  });
  const place = ({ entry }: Scored) => chosen.findIndex((choice) => choice.entry === entry);
  scored.sort((one, other) => place(one) - place(other));
  const { right, of } = totals(scored);
  if (options.json) console.log(JSON.stringify(totals(scored)));
  else for (const line of scoreLines(scored)) console.log(line);
  if (options.update) {
    const page = await readFile(options.update, 'utf8');
    await writeFile(options.update, withScore(page, scored));
  }
  return right === of ? 0 : 1;
}

async function speed(chosen: readonly Chosen[]): Promise<number> {
  const answered = chosen.filter(({ entry }) => !('refused' in entry.expected));
  await shareOut(labs, answered, async (held, choice) => {
    console.log(JSON.stringify(await timeEntry(held, choice)));
  });
  return 0;
}

async function patient(chosen: readonly Chosen[], patience: number): Promise<number> {
  let alike = 0;
  await shareOut(labs, chosen, async (held, choice) => {
    const { name, differences, fastMs, patientMs } = await bothWays(
      held,
      choice,
      options.limit * 1000,
      patience,
    );
    if (differences.length === 0) alike++;
    console.log(
      `${differences.length === 0 ? 'alike ' : 'DIFFER'} ${name} (${(fastMs / 1000).toFixed(1)} s, ${(patientMs / 1000).toFixed(1)} s)`,
    );
    for (const line of differences) console.log(`         ${line}`);
  });
  console.log(
    `${alike} of ${chosen.length} files come to the same if clients wait ${patience / 1000} s for each answer.`,
  );
  return alike === chosen.length ? 0 : 1;
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
    labs,
    engine: await findEngine(kind && { kind }),
  });
  return agreed ? 0 : 1;
}

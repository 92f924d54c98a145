import type { Engine } from '../../../lab/engine/engine.ts';
import type { HeldLab } from '../held-lab.ts';
import { shareOut } from '../run-corpus.ts';
import { type Compared, Fuzz } from './fuzz.ts';

/** What to try. */
export interface FuzzOrder {
  /** How many files. */
  readonly count: number;
  /** The number of the first file; the others follow. */
  readonly seed: number;
  /** When to stop, in milliseconds since 1970. */
  readonly until: number;
  readonly json: boolean;
  /** The labs that share the files. */
  readonly labs: readonly HeldLab[];
  readonly engine: Engine;
}

/**
 * Tries random files and prints what the lab and the captures disagree about. Resolves with true if they agree on everything
 * that was tried, and the lab decided all of it.
 */
export async function runFuzz(order: FuzzOrder): Promise<boolean> {
  const { count, seed, until, json, labs, engine } = order;
  const tally = new Map<string, number>();
  const add = (key: string) => tally.set(key, (tally.get(key) ?? 0) + 1);
  const running = new Map<HeldLab, Fuzz>();
  let tried = 0;
  let ms = 0;
  let longest = 0;
  const numbers = Array.from({ length: count }, (_, index) => seed + index);
  await shareOut(labs, numbers, async (held, number) => {
    if (Date.now() >= until) return;
    const fuzz =
      running.get(held) ?? (await Fuzz.start({ lab: await held.get(), engine, network: held.network }));
    running.set(held, fuzz);
    const file = Fuzz.file(number);
    const begun = Date.now();
    const compared = await fuzz.try(file).catch(
      (error: unknown): Compared => ({
        kind: 'failed',
        message: error instanceof Error ? error.message : String(error),
      }),
    );
    const took = Date.now() - begun;
    tried++;
    ms += took;
    longest = Math.max(longest, took);
    add(compared.kind);
    if (compared.kind === 'agreed') add(`agreed: ${compared.finding}`);
    if (json) console.log(JSON.stringify({ number, mode: file.mode, ms: took, ...compared }));
    else if (isBad(compared))
      for (const line of inWords(number, compared, file.text, file.mode)) console.log(line);
    if (compared.kind !== 'failed') return;
    running.delete(held);
    await fuzz[Symbol.asyncDispose]().catch(() => undefined);
    await held.giveUp();
  });
  for (const fuzz of running.values()) await fuzz[Symbol.asyncDispose]();
  const counts = [...tally].sort().map(([key, number]) => `${key} ${number}`);
  const each = `${(ms / 1000 / tried).toFixed(1)} s each, ${(longest / 1000).toFixed(1)} s at most`;
  console.log(
    json
      ? JSON.stringify({ tried, ...Object.fromEntries(tally) })
      : `${tried} random files: ${counts.join(', ')}; ${each}.`,
  );
  return tried > 0 && !['disagreed', 'undecided', 'failed'].some((key) => tally.has(key));
}

function isBad({ kind }: Compared): boolean {
  return kind !== 'agreed' && kind !== 'refused';
}

function inWords(number: number, compared: Compared, text: string, mode: string): string[] {
  const rules = text.split('\n').filter((line) => /^(\*|-A|:FORWARD)/.test(line));
  const said =
    compared.kind === 'disagreed'
      ? compared.why
      : compared.kind === 'undecided' || compared.kind === 'unwitnessed'
        ? `the captures show ${compared.testimony.finding}`
        : compared.kind === 'failed'
          ? compared.message
          : '';
  return [
    `${compared.kind} --fuzz 1 --seed ${number} (${mode}): ${said}`,
    ...('testimony' in compared
      ? [`  captures: ${compared.testimony.because}`, `  lab:      ${compared.verdict.sentence}`]
      : []),
    ...rules.map((rule) => `    ${rule}`),
  ];
}

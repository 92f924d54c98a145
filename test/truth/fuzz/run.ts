import type { Engine } from '../../../lab/engine/engine.ts';
import type { HeldLab } from '../held-lab.ts';
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
  readonly held: HeldLab;
  readonly engine: Engine;
}

/**
 * Tries random files and prints what the lab and the captures disagree about. Resolves with true if they agree on everything
 * that was tried, and the lab decided all of it.
 */
export async function runFuzz({ count, seed, until, json, held, engine }: FuzzOrder): Promise<boolean> {
  const tally = new Map<string, number>();
  const add = (key: string) => tally.set(key, (tally.get(key) ?? 0) + 1);
  const start = async () => Fuzz.start({ lab: await held.get(), engine, network: held.network });
  let fuzz = await start();
  let tried = 0;
  for (; tried < count && Date.now() < until; tried++) {
    const number = seed + tried;
    const file = Fuzz.file(number);
    const begun = Date.now();
    const compared = await fuzz.try(file).catch(
      (error: unknown): Compared => ({
        kind: 'failed',
        message: error instanceof Error ? error.message : String(error),
      }),
    );
    add(compared.kind);
    if (compared.kind === 'agreed') add(`agreed: ${compared.finding}`);
    if (json) console.log(JSON.stringify({ number, mode: file.mode, ms: Date.now() - begun, ...compared }));
    else if (isBad(compared))
      for (const line of inWords(number, compared, file.text, file.mode)) console.log(line);
    if (compared.kind === 'failed') {
      await fuzz[Symbol.asyncDispose]().catch(() => undefined);
      await held.giveUp();
      fuzz = await start();
    }
  }
  await fuzz[Symbol.asyncDispose]();
  const counts = [...tally].sort().map(([key, number]) => `${key} ${number}`);
  console.log(
    json
      ? JSON.stringify({ tried, ...Object.fromEntries(tally) })
      : `${tried} random files: ${counts.join(', ')}.`,
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

import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '../errors.ts';
import type { Lab } from '../lab.ts';
import { answers } from '../report/answers.ts';
import { differingCells } from '../report/differing-cells.ts';
import { runJson } from '../report/json.ts';
import { matrix } from '../report/matrix.ts';
import { networkPicture } from '../report/network.ts';
import { summary } from '../report/summary.ts';
import type { ScenarioResults } from '../run-scenarios.ts';
import type { CellResult } from '../verdict/cell.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { type Context, holdsLab } from './context.ts';

/** What `run` and `try` have in common. */
export interface Conduct {
  readonly keep?: true;
  readonly install?: true;
  /** File for the JSON document; `-` is standard output, which then carries nothing else. */
  readonly json?: string;
  /** Questions by rule set name. */
  readonly questions: ReadonlyMap<string, string>;
  /** How many cells there will be. */
  readonly total: number;
}

/**
 * Brings the lab up, makes the attempts, reports, takes the lab down. The report stands on the screen before the lab is
 * taken down; times and JSON follow. Throws LabError, or the reason of the interruption.
 */
export async function conduct(
  context: Context,
  { keep, install, json, questions, total }: Conduct,
  work: (lab: Lab, onCell: (cell: CellResult) => void) => Promise<ScenarioResults>,
): Promise<RunResult> {
  const { output, interruption } = context;
  if (json !== undefined && json !== '-') await checkWritable(json);
  const report = (text: string) => {
    if (json !== '-' && text !== '') output.result(`${text}\n`);
  };
  const start = performance.now();
  const { startLab } = await import('./engine.ts');
  holdsLab(context);
  const lab = await startLab({
    name: context.name,
    keep: keep === true,
    install: install === true,
    progress: (message) => output.progress(message),
    signal: interruption.signal,
  });
  const up = performance.now();
  let results: ScenarioResults | undefined;
  let cellsDone = up;
  let downFailed: { readonly error: unknown } | undefined;
  try {
    await using _lab = lab;
    report(networkPicture(lab.plan, output.style));
    results = await Promise.race([work(lab, cellProgress(context, total)), interrupted(interruption.signal)]);
    cellsDone = performance.now();
    report(answers(results.cells, questions, output.style));
    report(matrix(results.cells, output.style));
    report(differingCells(results.cells, output.style));
  } catch (error) {
    if (!results) throw error;
    downFailed = { error };
  }
  const end = performance.now();
  const { cells } = results;
  const run: RunResult = {
    version: 1,
    cells,
    summary: {
      cells: cells.length,
      asExpected: cells.filter((cell) => cell.asExpected === true).length,
      ms: rounded(end - start),
      void: results.void,
      phases: { up: rounded(up - start), cells: rounded(cellsDone - up), down: rounded(end - cellsDone) },
    },
  };
  if (json === '-') output.document(runJson(run));
  if (json === '-') output.progress(summary(run, output.style));
  else output.result(summary(run, output.style));
  if (json !== undefined && json !== '-')
    await writeFile(json, runJson(run)).catch((error: Error) => {
      const message = `--json could not write ${json}: ${error.message}`;
      throw new LabError('environment', 'json-not-written', message, undefined, { cause: error });
    });
  if (downFailed) throw downFailed.error;
  return run;
}

/** Rejects as soon as the signal aborts: an attempt that waits for the network is not waited for. */
function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** How often the counter moves, in milliseconds. */
const counterInterval = 100;

/** On a terminal a counter, elsewhere a line per rule set. */
function cellProgress({ output }: Context, total: number): (cell: CellResult) => void {
  let done = 0;
  let ruleSet = '';
  let counted = 0;
  return (cell) => {
    done++;
    if (performance.now() - counted > counterInterval || done === total) {
      output.counter(`[${done}/${total}] ${cell.ruleSet}`);
      counted = performance.now();
    }
    if (!output.hasCounter && cell.ruleSet !== ruleSet) output.progress(`Trying ${cell.ruleSet}`);
    ruleSet = cell.ruleSet;
  };
}

/** Before anything is started: a run is not to be lost for want of a folder. */
async function checkWritable(file: string): Promise<void> {
  const refused = (why: string, cause?: unknown) =>
    new LabError('usage', 'json-not-writable', `--json cannot write ${file}: ${why}`, undefined, { cause });
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw refused('it is a folder');
  try {
    await access(found ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw refused(
      found ? 'no permission' : `the folder ${dirname(file)} does not exist or may not be written to`,
      error,
    );
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

import { duration, toTenths } from '../duration.ts';
import type { CellResult } from '../model/cell.ts';
import type { Evidence } from '../model/evidence.ts';
import type { RunResult, Setting } from '../model/run-result.ts';
import type { Shard } from '../model/shard.ts';
import type { OwnAddresses } from '../network/own-addresses.ts';
import { differingCells } from '../report/text/differing-cells.ts';
import { liveMatrix, type PlannedCell } from '../report/text/live-matrix.ts';
import { textOf } from '../report/text/matrix.ts';
import { networkPicture } from '../report/text/network.ts';
import { notesInWords } from '../report/text/notes.ts';
import { type RuleSetFacts, results as resultTexts } from '../report/text/results.ts';
import type { Style } from '../report/text/style.ts';
import { summary } from '../report/text/summary.ts';
import type { Lab } from '../trial/lab.ts';
import type { RunOptions, ScenarioResults } from '../trial/run-scenarios.ts';
import type { LabOptions } from '../trial/start-lab.ts';
import { type Context, holdsLab } from './context.ts';
import { Live } from './live.ts';
import { checkDocuments, type DocumentFiles, documentOnStdout, writeDocuments } from './options/documents.ts';
import { type PatienceOptions, patienceOf } from './options/patience.ts';
import { captureWriter, type PcapOptions } from './options/pcap.ts';

/** What `run` and `try` have in common. */
export interface Conduct extends DocumentFiles, RuleSetFacts, PatienceOptions, PcapOptions {
  readonly keep?: true;
  readonly install?: true;
  /** Addresses that the lab is to have. */
  readonly own?: OwnAddresses;
  /** The cells that there will be. */
  readonly planned: readonly PlannedCell[];
  /** Which part of a run this is, where it is not whole. */
  readonly shard?: Shard;
  /** What is shown of each cell, with its evidence, in place of network, matrix and summary. */
  readonly show?: (cell: CellResult & { readonly evidence: Evidence }, style: Style) => string;
}

/** What is brought up and worked with: a lab, or several that share the work. */
export type Conducted = Pick<Lab, 'plan' | 'loaded'> & AsyncDisposable;

/** {@link conductWith} one lab. */
export function conduct(
  context: Context,
  options: Conduct,
  work: (lab: Lab, options: RunOptions) => Promise<ScenarioResults>,
): Promise<RunResult> {
  const start = async (labOptions: LabOptions) => (await import('./engine.ts')).startLab(labOptions);
  return conductWith(context, options, start, work);
}

/**
 * Brings the lab up, makes the attempts, reports, takes the lab down. The report stands on the screen before the lab is
 * taken down; times and JSON follow. Throws LabError, or the reason of the interruption.
 */
export async function conductWith<L extends Conducted>(
  context: Context,
  { keep, install, own, questions, staged, planned, shard, show, patient, patience, pcap, ...files }: Conduct,
  start: (options: LabOptions) => Promise<L>,
  work: (lab: L, options: RunOptions) => Promise<ScenarioResults>,
): Promise<RunResult> {
  const { output, interruption } = context;
  await checkDocuments(files);
  const onCapture = pcap === undefined ? undefined : await captureWriter(pcap);
  const silent = documentOnStdout(files);
  const report = (text: string) => {
    if (!silent && text !== '') output.result(`${text}\n`);
  };
  const began = performance.now();
  holdsLab(context);
  using live = await Live.on(output);
  live.waitFor('Bringing the lab up');
  const lab = await start({
    name: context.name,
    ...(context.engine && { kind: context.engine }),
    keep: keep === true,
    install: install === true,
    ...(own && { own }),
    progress: (message) => output.progress(message),
    signal: interruption.signal,
  });
  const up = performance.now();
  output.progress(`The lab is up (${duration(up - began)})`);
  let results: ScenarioResults | undefined;
  let cellsDone = up;
  let downFailed: { readonly error: unknown } | undefined;
  try {
    await using _lab = lab;
    if (!show) report(networkPicture(lab.plan, output.style));
    const options = {
      onCell: cellProgress(context, live, planned),
      signal: interruption.signal,
      ...patienceOf({ patient, patience }),
      onCapture,
      evidence: show !== undefined || files.json !== undefined || files.html !== undefined,
    };
    results = await Promise.race([work(lab, options), interrupted(interruption.signal)]);
    cellsDone = performance.now();
    live.waitFor('Finishing');
    report(notesInWords(results.notes ?? [], output.style));
    if (show) {
      for (const cell of results.cells) report(explained(cell, show, output.style));
      report(differingCells(results.cells, output.style));
    } else for (const text of resultTexts(results.cells, { questions, staged }, output.style)) report(text);
  } catch (error) {
    if (!results) throw error;
    downFailed = { error };
  }
  const end = performance.now();
  const { cells } = results;
  const run: RunResult = {
    version: 1,
    cells,
    setting: settingOf(lab, results, { questions, staged }),
    summary: {
      cells: cells.length,
      asExpected: cells.filter((cell) => cell.asExpected === true).length,
      ms: toTenths(end - began),
      void: results.void,
      skipped: results.skipped,
      ...(shard && { shard }),
      phases: { up: toTenths(up - began), cells: toTenths(cellsDone - up), down: toTenths(end - cellsDone) },
    },
  };
  if (silent || show) output.progress(summary(run, output.style));
  else output.result(summary(run, output.style));
  await writeDocuments(run, files, output);
  if (downFailed) throw downFailed.error;
  return run;
}

/** What the cells were tried under. */
function settingOf(
  lab: Conducted,
  { cells, notes = [] }: ScenarioResults,
  { questions, staged }: RuleSetFacts,
): Setting {
  const names = [...new Set(cells.map(({ ruleSet }) => ruleSet))];
  return {
    plan: lab.plan,
    notes,
    ruleSets: names.flatMap((name) => {
      const rules = lab.loaded(name);
      if (!rules) return [];
      const question = questions.get(name) ?? null;
      return [{ name, question, staged: staged.has(name), firewalls: rules.firewalls }];
    }),
  };
}

function explained(cell: CellResult, show: NonNullable<Conduct['show']>, style: Style): string {
  const { evidence } = cell;
  if (!evidence) throw new Error(`The evidence of ${cell.id} was not kept`);
  return show({ ...cell, evidence }, style);
}

/** Rejects as soon as the signal aborts: an attempt that waits for the network is not waited for. */
export function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** On a terminal the live matrix, elsewhere a line per rule set; in detail a line per cell. */
function cellProgress(
  { output }: Context,
  live: Live,
  planned: readonly PlannedCell[],
): (cell: CellResult) => void {
  const start = performance.now();
  const came = new Map<string, CellResult>();
  live.show((style, rows) => liveMatrix({ planned, came, ms: performance.now() - start }, style, rows));
  const begun = new Set<string>();
  return (cell) => {
    came.set(cell.id, cell);
    if (!output.terminal && !begun.has(cell.ruleSet)) output.progress(`Trying ${cell.ruleSet}`);
    begun.add(cell.ruleSet);
    output.detail(`${cell.id}: ${textOf(cell)}, ${Math.round(cell.ms)} ms. ${cell.verdict.sentence}`);
  };
}

import { type CellResult, cellId } from '../model/cell.ts';
import type { Evidence } from '../model/evidence.ts';
import { idCalled } from '../model/names.ts';
import { questionsOf, type RunResult, stagedOf } from '../model/run-result.ts';
import { differingCells } from '../report/text/differing-cells.ts';
import { explanation } from '../report/text/explanation.ts';
import { lastScreen } from '../report/text/last-screen.ts';
import { liveMatrix, type PlannedCell } from '../report/text/live-matrix.ts';
import { textOf } from '../report/text/matrix.ts';
import { networkPicture } from '../report/text/network.ts';
import { notesInWords } from '../report/text/notes.ts';
import { results } from '../report/text/results.ts';
import { ruleUseText } from '../report/text/rule-use.ts';
import { summary } from '../report/text/summary.ts';
import { shellQuoted } from '../shell-quoted.ts';
import type { RunConditions, TriedRun } from '../trial/run.ts';
import type { Context } from './context.ts';
import { statusOfRun } from './exit-status.ts';
import { inView } from './in-view.ts';
import {
  checkDocuments,
  type DocumentFiles,
  documentOnStdout,
  namesOf,
  writeDocuments,
} from './options/documents.ts';
import { type PatienceOptions, patienceOf } from './options/patience.ts';
import { captureWriter, type PcapOptions } from './options/pcap.ts';
import type { Output } from './output.ts';

/** What commands that try cells have in common. */
export interface ShownRunOptions extends DocumentFiles, PatienceOptions, PcapOptions {
  readonly keep?: true;
  readonly install?: true;
  /** Whether `run --resume` can go on with it. */
  readonly resumable?: boolean;
}

/**
 * Runs a use case that tries cells, and shows the result: `matrix` shows the network, the answers, the matrix and the
 * totals; `ladder` shows each cell. Results are printed before the lab is taken down; totals and documents follow. Resolves with
 * the result.
 */
export async function showRun(
  context: Context,
  { keep, install, pcap, patient, patience, resumable = false, ...files }: ShownRunOptions,
  layout: 'matrix' | 'ladder',
  work: (conditions: RunConditions) => Promise<RunResult>,
): Promise<RunResult> {
  const { output } = context;
  await checkDocuments(files);
  const onCapture = pcap === undefined ? undefined : await captureWriter(pcap, context.names);
  const silent = documentOnStdout(files);
  const isMatrix = layout === 'matrix';
  const planned: PlannedCell[] = [];
  const came = new Map<string, CellResult>();
  const waits = new Set<string>();
  return inView(
    context,
    { keep, install },
    (view, live) =>
      work({
        ...view,
        ...patienceOf({ patient, patience }),
        onCapture,
        evidence: files.json !== undefined || files.html !== undefined,
        onUp: (plan) => {
          if (isMatrix && !silent) output.result(`${networkPicture(plan, output.styleFor(context))}\n`);
          const start = performance.now();
          live.show((style, rows) =>
            liveMatrix({ planned, came, ms: performance.now() - start }, style, rows),
          );
        },
        onPlanned: (keys) => planned.push(...keys.map((key) => ({ ruleSet: key.ruleSet, id: cellId(key) }))),
        onCell: (cell) => {
          if (!output.terminal && [...came.values()].every(({ ruleSet }) => ruleSet !== cell.ruleSet))
            output.progress(`Trying ${cell.ruleSet}`);
          came.set(cell.id, cell);
          output.detail(
            `${idCalled(cell.id, context.names)}: ${textOf(cell)}, ${Math.round(cell.ms)} ms. ${cell.verdict.sentence}`,
          );
        },
        onWait: (what) => {
          if (!waits.has(what)) output.progress(`${what} ...`);
          waits.add(what);
        },
        onTried: (run) => {
          live.waitFor('Finishing');
          if (!silent) showTried(run, output, layout);
        },
      }),
    async (run) => {
      const style = output.styleFor(run);
      if (silent || !isMatrix) output.progress(summary(run, style));
      else output.result(lastScreen(run, namesOf(files), style));
      await writeDocuments(run, files, output);
      if (run.summary.missing && resumable && files.json !== undefined && files.json !== '-')
        output.message(`Go on with: ftplab run --resume ${shellQuoted(files.json)}`);
      context.status = statusOfRun(run);
    },
  );
}

/** Prints the results of a run, and the notes on its rules. */
export function showTried(run: TriedRun, output: Output, layout: 'matrix' | 'ladder' = 'matrix'): void {
  const style = output.styleFor(run);
  const texts =
    layout === 'matrix'
      ? results(run.cells, { questions: questionsOf(run), staged: stagedOf(run) }, style)
      : [
          ...run.cells.map((cell) => explanation(withEvidence(cell), style)),
          differingCells(run.cells, style),
        ];
  const used = (run.setting?.ruleSets ?? []).map((ruleSet) => ruleUseText(ruleSet.used ?? {}, style));
  for (const text of [notesInWords(run.setting?.notes ?? [], style), ...texts, ...used])
    if (text !== '') output.result(`${text}\n`);
}

function withEvidence(cell: CellResult): CellResult & { readonly evidence: Evidence } {
  const { evidence } = cell;
  if (!evidence) throw new Error(`The evidence of ${cell.id} was not kept`);
  return { ...cell, evidence };
}

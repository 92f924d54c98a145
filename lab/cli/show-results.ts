import { LabError } from '../errors.ts';
import { mergeRuns } from '../model/merge-runs.ts';
import { lastScreen } from '../report/text/last-screen.ts';
import { resultText } from '../report/text/result-text.ts';
import type { Context } from './context.ts';
import { statusOfRun } from './exit-status.ts';
import { type DocumentFiles, documentOnStdout, namesOf, writeDocuments } from './options/documents.ts';
import { type NamedResult, readDocuments } from './read-documents.ts';
import { showTried } from './show-run.ts';

/** Shows the results in the files, the runs merged into one, and writes the documents asked for. Throws LabError. */
export async function showResults(
  files: readonly string[],
  options: DocumentFiles,
  context: Context,
): Promise<void> {
  const results = (await Promise.all(files.map(readDocuments))).flat();
  const runs = results.flatMap(({ file, result }) => (result.kind === 'run' ? [{ file, run: result }] : []));
  const exposures = results.flatMap(({ result }) => (result.kind === 'exposure' ? [result] : []));
  for (const one of results) if (runs.length === 0 || one.result.kind !== 'exposure') show(one, context);
  if (runs.length === 0) return refuseDocuments(options);
  const run = mergeRuns(runs, exposures);
  const { output } = context;
  if (!documentOnStdout(options)) {
    showTried(run, output);
    output.result(lastScreen(run, namesOf(options), output.styleFor(run)));
  }
  await writeDocuments(run, options, output);
  context.status = statusOfRun(run);
}

/** Shows what is no run, which is shown merged with others. */
function show({ file, result }: NamedResult, { output }: Context): void {
  if (result.kind === 'run') return;
  const text = resultText(result, output.styleFor(result));
  output.result(
    text ?? `${file} holds a result of kind "${result.kind}", which "ftplab report" does not show.`,
  );
}

/** Documents are made of runs. */
function refuseDocuments(options: DocumentFiles): void {
  if (Object.keys(options).length === 0) return;
  throw new LabError(
    'usage',
    'no-run',
    'There is no run among the files, and the documents are about runs',
    'Also give the JSON document of a run.',
  );
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LabError } from '../errors.ts';
import { mergeRuns } from '../model/merge-runs.ts';
import type { ComparisonResult } from '../model/result/comparison.ts';
import type { RunResult } from '../model/run-result.ts';
import type { AnnotationFormat } from '../model/vocabulary.ts';
import { type Annotation, annotationsOf } from '../report/annotations/annotations.ts';
import { annotationsText } from '../report/annotations/formats.ts';
import type { Context } from './context.ts';
import { type DocumentFiles, writeDocument, writeDocuments } from './options/documents.ts';
import { readDocuments } from './read-documents.ts';

/**
 * Prints what a service shows beside the lines of the user's rules, and writes the documents asked for. Throws LabError `usage` if the
 * files hold neither a run nor a comparison, or `--html` or `--json` is asked of a comparison.
 */
export async function annotate(
  files: readonly string[],
  format: AnnotationFormat,
  documents: DocumentFiles,
  { output }: Context,
): Promise<void> {
  const found = (await Promise.all(files.map(readDocuments))).flat();
  const runs = found.flatMap(({ file, result }) => (result.kind === 'run' ? [{ file, run: result }] : []));
  const compared = found.flatMap(({ result }) => (result.kind === 'comparison' ? [result] : []));
  const run = runs.length > 0 ? mergeRuns(runs, []) : undefined;
  const judged = [...(run ? [run] : []), ...compared];
  if (judged.length === 0)
    throw new LabError(
      'usage',
      'nothing-to-annotate',
      'The files hold neither a run nor a comparison',
      '"ftplab try RULES --json FILE" and "ftplab compare BEFORE AFTER --json FILE" write such files.',
    );
  const each = await Promise.all(
    judged.map(async (result) => ({ result, said: await annotationsFor(result) })),
  );
  output.document(
    annotationsText(
      format,
      each.flatMap(({ said }) => said),
      digest,
    ),
  );
  if (run) await writeDocuments(run, documents, output);
  for (const { result, said } of each)
    if (result.kind === 'comparison') await summarize(result, said, documents.summary, output);
}

async function summarize(
  comparison: ComparisonResult,
  said: readonly Annotation[],
  file: string | undefined,
  output: Context['output'],
): Promise<void> {
  if (file === undefined) return;
  const { comparisonMarkdown } = await import('../report/markdown/comparison-summary.ts');
  await writeDocument('summary', file, comparisonMarkdown(comparison, said), output);
}

/** The annotations of a result, with the texts of those files that still are what was tried. */
async function annotationsFor(result: RunResult | ComparisonResult): Promise<Annotation[]> {
  const texts = new Map<string, string>();
  for (const { path, sha256 } of result.files) {
    const text = await readFile(path).catch(() => undefined);
    if (text && createHash('sha256').update(text).digest('hex') === sha256)
      texts.set(path, text.toString('utf8'));
  }
  return annotationsOf(result, texts);
}

function digest(words: string): string {
  return createHash('sha256').update(words).digest('hex').slice(0, 32);
}

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { LabError } from '../errors.ts';
import { results } from '../report/results.ts';
import { summary } from '../report/summary.ts';
import { mergeRuns, type NamedRun } from '../verdict/merge.ts';
import { readRun } from '../verdict/read-run.ts';
import { questionsOf, stagedOf } from '../verdict/run-result.ts';
import type { Context } from './context.ts';
import {
  addDocumentOptions,
  checkDocuments,
  type DocumentFiles,
  documentOnStdout,
  writeDocuments,
} from './documents.ts';
import { statusOfRun } from './exit-status.ts';

const mergeHelp = `
Several files are merged: the shards of one run, or runs that have no cell in common. The exit status is that of
the whole.
  ftplab run --shard 1/2 --json 1.json
  ftplab run --shard 2/2 --json 2.json
  ftplab report 1.json 2.json --json whole.json`;

/** `report`: results of earlier runs, shown again, merged, and written as other documents. Needs no engine. */
export function addReport(program: Command, context: Context): void {
  const command = program
    .command('report')
    .description('show the results that --json wrote, merge them, or write them as another document')
    .argument('<files...>', 'JSON documents of run or try')
    .addHelpText('after', mergeHelp)
    .action(async (files: string[], options: DocumentFiles) => {
      await checkDocuments(options);
      const run = mergeRuns(await Promise.all(files.map(readNamed)));
      const { output } = context;
      if (!documentOnStdout(options)) {
        const facts = { questions: questionsOf(run), staged: stagedOf(run) };
        for (const text of results(run.cells, facts, output.style)) output.result(`${text}\n`);
        output.result(summary(run, output.style));
      }
      await writeDocuments(run, options, output);
      context.status = statusOfRun(run);
    });
  addDocumentOptions(command);
}

async function readNamed(file: string): Promise<NamedRun> {
  try {
    return { file, run: readRun(file, await readFile(file, 'utf8')) };
  } catch (error) {
    if (error instanceof LabError || !(error instanceof Error)) throw error;
    throw new LabError('usage', 'unreadable', `${file} cannot be read: ${error.message}`, undefined, {
      cause: error,
    });
  }
}

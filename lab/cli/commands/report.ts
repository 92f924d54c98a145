import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import type { Exposure } from '../../model/exposure.ts';
import { isExposure, readResult } from '../../model/read-result.ts';
import type { RunResult } from '../../model/run-result.ts';
import { summary } from '../../report/text/summary.ts';
import { mergeRuns } from '../../trial/merge-runs.ts';
import type { Context } from '../context.ts';
import { statusOfRun } from '../exit-status.ts';
import {
  addDocumentOptions,
  checkDocuments,
  type DocumentFiles,
  documentOnStdout,
  writeDocuments,
} from '../options/documents.ts';
import { withPcaps } from '../options/pcap.ts';
import { showTried } from '../show-run.ts';

const mergeHelp = `
Several files are merged: the shards of one run, or runs that have no cell in common. The exit status is that of
the whole. What exposure measured is shown in the HTML report.
  ftplab run --shard 1/2 --json 1.json
  ftplab run --shard 2/2 --json 2.json
  ftplab report 1.json 2.json --json whole.json`;

/** `report`: results of earlier runs, shown again, merged, and written as other documents. Needs no engine. */
export function addReport(program: Command, context: Context): void {
  const command = program
    .command('report')
    .description('show the results that --json wrote, merge them, or write them as another document')
    .argument('<files...>', 'JSON documents of run, try, explain and exposure')
    .addHelpText('after', mergeHelp)
    .action(async (files: string[], options: DocumentFiles) => {
      await checkDocuments(options);
      const run = mergeResults(await Promise.all(files.map(readNamed)));
      const { output } = context;
      if (!documentOnStdout(options)) {
        showTried(run, output);
        output.result(summary(run, output.style));
      }
      await writeDocuments(run, options, output);
      context.status = statusOfRun(run);
    });
  addDocumentOptions(command);
}

interface NamedResult {
  readonly file: string;
  readonly result: RunResult | Exposure;
}

function mergeResults(results: readonly NamedResult[]): RunResult {
  const runs = results.flatMap(({ file, result }) => (isExposure(result) ? [] : [{ file, run: result }]));
  const exposures = results.flatMap(({ result }) => (isExposure(result) ? [result] : []));
  if (runs.length > 0) return mergeRuns(runs, exposures);
  throw new LabError(
    'usage',
    'no-run',
    'There is no run among the files, only exposures',
    'Give the JSON document of a run as well.',
  );
}

async function readNamed(file: string): Promise<NamedResult> {
  try {
    const result = readResult(file, await readFile(file, 'utf8'));
    return {
      file,
      result: isExposure(result) ? result : withPcaps(result, (pcap) => resolve(dirname(file), pcap)),
    };
  } catch (error) {
    if (error instanceof LabError || !(error instanceof Error)) throw error;
    throw new LabError('usage', 'unreadable', `${file} cannot be read: ${error.message}`, undefined, {
      cause: error,
    });
  }
}

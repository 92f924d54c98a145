import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addDocumentOptions, checkDocuments, type DocumentFiles } from '../options/documents.ts';

const mergeHelp = `
Several runs are merged: the shards of one run, or runs that have no cell in common. The exit status is that of
the whole. What exposure measured is then shown in the HTML report. Other results are shown as their commands do.
  ftplab run --shard 1/2 --json 1.json
  ftplab run --shard 2/2 --json 2.json
  ftplab report 1.json 2.json --json whole.json`;

/** `report`: results of earlier commands, shown again, merged, and written as other documents. Needs no engine. */
export function addReport(program: Command, context: Context): void {
  const command = program
    .command('report')
    .description('show the results that --json wrote, merge them, or write them as another document')
    .argument('<files...>', 'JSON documents of other commands')
    .addHelpText('after', mergeHelp)
    .action(async (files: string[], options: DocumentFiles) => {
      await checkDocuments(options);
      const { showResults } = await import('../show-results.ts');
      await showResults(files, options, context);
    });
  addDocumentOptions(command);
}

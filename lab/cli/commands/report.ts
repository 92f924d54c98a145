import { type Command, Option } from 'commander';
import { type AnnotationFormat, annotationFormats } from '../../model/vocabulary.ts';
import type { Context } from '../context.ts';
import { addDocumentOptions, checkDocuments, type DocumentFiles } from '../options/documents.ts';

interface ReportOptions extends DocumentFiles {
  readonly annotate?: AnnotationFormat;
}

const mergeHelp = `
Several runs are merged: the shards of one run, or runs that have no cell in common. The exit status is that of
the whole. What exposure measured is then shown in the HTML report. Other results are shown as their commands do.
  ftplab run --shard 1/2 --json 1.json
  ftplab run --shard 2/2 --json 2.json
  ftplab report 1.json 2.json --json whole.json

--annotate prints, in place of the results, what a service shows beside the lines of your rules in a pull request: the
line of the rule that decided for each upload that failed the check. Of compare and try; action.yml and
templates/guard.yml use it (docs/ci.md).`;

/** `report`: results of earlier commands, shown again, merged, and written as other documents. Needs no engine. */
export function addReport(program: Command, context: Context): void {
  const command = program
    .command('report')
    .description('show the results that --json wrote, merge them, or write them as another document')
    .argument('<files...>', 'JSON documents of other commands')
    .addHelpText('after', mergeHelp)
    .addOption(
      new Option('--annotate <service>', 'print annotations of the lines that failed a check').choices(
        annotationFormats,
      ),
    )
    .action(async (files: string[], { annotate: service, ...options }: ReportOptions) => {
      await checkDocuments(options);
      if (service) {
        const { annotate } = await import('../annotate.ts');
        return annotate(files, service, options, context);
      }
      const { showResults } = await import('../show-results.ts');
      await showResults(files, options, context);
    });
  addDocumentOptions(command);
}

import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { addDocumentOptions, checkDocuments } from '../options/documents.ts';
import { addDemandOptions, type DemandFlags } from '../options/need.ts';
import { addPatienceOptions } from '../options/patience.ts';
import { addPcapOption } from '../options/pcap.ts';
import {
  addRulesOptions,
  givenRules,
  type RulesFileOptions,
  rulesHelp,
  rulesOptionsOf,
} from '../options/rules.ts';
import { addUploadOptions, type UploadOptions, uploadsOf } from '../options/uploads.ts';
import type { ShownRunOptions } from '../show-run.ts';

export interface TryOptions extends ShownRunOptions, RulesFileOptions, UploadOptions, DemandFlags {
  readonly watch?: true;
}

const help = `${rulesHelp}

It tries all uploads that cross a firewall; under a file for one firewall, those that cross only that one.
A blocked upload is a result: the exit status is 0 if every cell could be decided, 1 if one could not. With --need and
--forbid it is 1 unless each needed upload works and no forbidden one does; CELL is client/server/mode, or a part of it.

With --watch one client tries, which is enough for a firewall's rules and takes less than a second: y-server, or
x-workstation for isa-x; --client chooses others. What is needed or forbidden is tried too, and each round says whether
it holds. With --json each round, and each save that does not load, is a line. Ctrl-C ends it and takes the lab down;
the status is 0.`;

/** `try`: the uploads under the user's own rules, without expectations; with `--watch` again on each save. */
export function addTry(program: Command, context: Context): void {
  const command = program
    .command('try')
    .description('try the uploads under your own rules')
    .argument('[rules]', 'your file, or a shipped rule set')
    .addOption(
      new Option('--watch', 'try again each time the file is saved, and mark what changed').conflicts([
        'html',
        'summary',
        'pcap',
        'patient',
        'patience',
      ]),
    )
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(async (given: string | undefined, options: TryOptions) => {
      const rules = givenRules(command, 'rules', given, context.config?.config.rules);
      const { need, forbid } = options;
      const request = {
        ...rulesOptionsOf(options, context),
        ...uploadsOf(options, context.names),
        need,
        forbid,
        names: context.names,
      };

      if (options.watch) {
        const { watchRules } = await import('../watch-rules.ts');
        return watchRules(rules, request, options, context);
      }
      // At once, since what reads the rules takes longer to load than the user should be left without a word.
      context.output.progress(`Reading ${rules}`);
      const { preparedTry } = await import('../../trial/try.ts');
      await checkDocuments(options);
      const work = await preparedTry(rules, request);
      const { showRun } = await import('../show-run.ts');
      await showRun(context, options, 'matrix', work);
    });
  addUploadOptions(command);
  addDemandOptions(command);
  addRulesOptions(command);
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

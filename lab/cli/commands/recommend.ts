import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { inView } from '../in-view.ts';
import { addJsonOption, checkDocuments, writeJson } from '../options/documents.ts';
import { addRulesOptions, type RulesFileOptions, rulesHelp, rulesOptionsOf } from '../options/rules.ts';

interface RecommendOptions extends RulesFileOptions {
  readonly need?: string[];
  readonly before: string;
  readonly keep?: true;
  readonly json?: string;
}

const help = `
The candidates are your own and the shipped fixes that keep the network rules of --before. Those under which every
needed cell uploads are ordered by measured exposure, at the same hosts for all of them.
A needed cell is client/server/mode[/driver][/tls], or a part of it as in "ftplab run"; --need may be given again.
FTPS is needed if it ends in /tls, at a server that speaks it: y-workstation/vsftpd-tls/pasv/tls.
Default: from Y to External, in the passive modes.
Exit status: 1 when no candidate meets the need.
${rulesHelp}`;

/** `recommend`: under which rules the needed uploads work and the fewest ports are open besides. */
export function addRecommend(program: Command, context: Context): void {
  const command = program
    .command('recommend')
    .description('find the rules that make the needed uploads work and expose the fewest other ports')
    .argument('[rules...]', 'candidates of your own: files')
    .option('--need <cell>', 'what has to upload (may be given again)', (cell, earlier: string[] = []) => [
      ...earlier,
      cell,
    ])
    .option('--before <rules>', 'what is in force now', 'as-reported')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(async (candidates: string[], { need, before, keep, json, ...options }: RecommendOptions) => {
      const { output } = context;
      const request = { ...rulesOptionsOf(options), need, before };
      await checkDocuments(json === undefined ? {} : { json });
      const { recommendationText } = await import('../../report/text/recommendation.ts');
      const { recommend } = await import('../../trial/recommend.ts');
      await inView(
        context,
        { keep },
        (view) => recommend(candidates, { ...request, ...view }),
        async (recommendation) => {
          if (recommendation.fixes.length === 0) context.status = exitStatus.differs;
          await writeJson(json, recommendation, output);
          if (json !== '-') output.result(recommendationText(recommendation, output.style));
        },
      );
    });
  addJsonOption(addRulesOptions(command));
}

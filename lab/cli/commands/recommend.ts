import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { inView } from '../in-view.ts';
import { addJsonOption, checkDocuments, deliver } from '../options/documents.ts';
import { needOption } from '../options/need.ts';
import { addRulesOptions, type RulesFileOptions, rulesHelp, rulesOptionsOf } from '../options/rules.ts';

interface RecommendOptions extends RulesFileOptions {
  readonly need?: string[];
  readonly before: string;
  readonly keep?: true;
  readonly json?: string;
}

const help = `
The candidates are your own rules and the shipped fixes that have the network rules of --before. Those under which
every needed cell uploads are ordered by measured exposure, between the same hosts for all.
A needed cell is client/server/mode[/driver][/tls][/ipv6], or a part of it as in "ftplab run"; --need may be given again.
If you need FTPS, end it in /tls and name a server that speaks FTPS: y-workstation/vsftpd-tls/pasv/tls.
Default: from Y to External, in the passive modes.
If --before is a file, only the candidates that you name are ranked, as a shipped rule set would take away all rules of the
file. Those that keep all its rules and all that it lets through come first; the others say what they lose, and none of them
is recommended. "ftplab fix" finds a patch to the file itself.
Exit status: 1 if no candidate meets the need, or each loses something.
${rulesHelp}`;

/** `recommend`: the rules under which the needed uploads work and the fewest other ports are open. */
export function addRecommend(program: Command, context: Context): void {
  const command = program
    .command('recommend')
    .description('find the rules that make the needed uploads work and expose the fewest other ports')
    .argument('[rules...]', 'your own candidates: files')
    .addOption(needOption())
    .option('--before <rules>', 'the rules in force now', 'as-reported')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(async (candidates: string[], { need, before, keep, json, ...options }: RecommendOptions) => {
      const request = { ...rulesOptionsOf(options, context), need, before };
      await checkDocuments({ json });
      const { recommendationText } = await import('../../report/text/recommendation.ts');
      const { recommend } = await import('../../trial/recommend.ts');
      await inView(
        context,
        { keep },
        (view) => recommend(candidates, { ...request, ...view }),
        async (recommendation) => {
          const [best] = recommendation.fixes;
          if (!best || best.loses?.length) context.status = exitStatus.differs;
          await deliver(context.output, json, recommendation, (style) =>
            recommendationText(recommendation, style),
          );
        },
      );
    });
  addJsonOption(addRulesOptions(command));
}

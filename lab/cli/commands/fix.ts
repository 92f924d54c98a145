import type { Command } from 'commander';
import type { FixResult } from '../../model/result/fix.ts';
import { areMet, judgeDemands } from '../../verdict/demands.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { inView } from '../in-view.ts';
import { addJsonOption, checkDocuments, deliver } from '../options/documents.ts';
import { addDemandOptions, type DemandFlags } from '../options/need.ts';
import { checkWritable, writeOutput } from '../options/output-file.ts';
import {
  addRulesOptions,
  givenRules,
  type RulesFileOptions,
  rulesHelp,
  rulesOptionsOf,
} from '../options/rules.ts';

interface FixOptions extends RulesFileOptions, DemandFlags {
  readonly write?: string;
  readonly keep?: true;
  readonly json?: string;
}

const help = `
It derives candidates from the file: a rule that attaches the kernel's FTP helper, one that accepts the connections that the
helper expects, one for the server's passive ports; each only for the hosts of the needed uploads, and before the rule that
refused them. It deletes nothing. It tries each candidate with every upload that crosses the firewall, and measures it.
A needed upload is client/server/mode[/driver][/tls][/ipv6], or a part of it as in "ftplab run"; --need may be given again.
Default: the passive modes, between the hosts that --host names, else from y-server to vsftpd.
Exit status: 0 if a patch makes every needed upload work, or none is needed; 1 if no patch of this firewall can, or each
lets an upload through that --forbid names.
${rulesHelp}`;

/** `fix`: the smallest patch to a file under which the needed uploads work, with its proof. */
export function addFix(program: Command, context: Context): void {
  const command = program
    .command('fix')
    .description('find the smallest patch to your rules file that makes the needed uploads work')
    .argument('[file]', 'the output of iptables-save, or a file of nft rules')
    .option('--write <patch>', 'write the recommended patch to a file')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(
      async (given: string | undefined, { need, forbid, write, keep, json, ...options }: FixOptions) => {
        const file = givenRules(command, 'file', given, context.config?.config.rules);
        const request = { ...rulesOptionsOf(options, context), need, forbid };
        await checkDocuments({ json });
        if (write !== undefined) await checkWritable('write', write);
        const { fixingText } = await import('../../report/text/fixing.ts');
        const { fix } = await import('../../trial/fix.ts');
        await inView(
          context,
          { keep },
          (view) => fix(file, { ...request, ...view }),
          async (fixing) => {
            const [best] = fixing.patches;
            const works = best ? areMet({ broken: [], ...best }) : isGoodAsItIs(fixing);
            if (!works) context.status = exitStatus.differs;
            if (write !== undefined && best && works) await writeOutput('write', write, best.patch);
            await deliver(context.output, json, fixing, (style) => fixingText(file, fixing, style));
          },
        );
      },
    );
  addJsonOption(addRulesOptions(addDemandOptions(command)));
}

/** Whether a file needs no patch: all that is needed uploads, and nothing that is forbidden. */
function isGoodAsItIs({ before, need, forbid = [] }: FixResult): boolean {
  return before.exposure === null && areMet(judgeDemands({ need, forbid }, before.cells));
}

import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { statusOfComparison } from '../exit-status.ts';
import { inView } from '../in-view.ts';
import { addJsonOption, checkDocuments, deliver } from '../options/documents.ts';
import { addDemandOptions, type DemandFlags } from '../options/need.ts';
import {
  addRulesOptions,
  givenRules,
  type RulesFileOptions,
  rulesHelp,
  rulesOptionsOf,
} from '../options/rules.ts';

interface CompareOptions extends RulesFileOptions, DemandFlags {
  readonly keep?: true;
  readonly json?: string;
  readonly write?: string;
  readonly intent?: string;
  readonly ipv6?: true;
}

const help = `
+ works now, - no longer works, ~ fails differently, ? could not be decided.
Each side is tried twice. A cell that does not come to the same both times is inconclusive.
Exit status: 0 only if nothing that worked broke, 1 otherwise. With --intent FILE: 0 only if nothing changed but what
the file allows (docs/intent.md), for a check of pull requests. With --need and --forbid, also only if under AFTER each
needed upload works and no forbidden one does; CELL is client/server/mode, or a part of it.

--write NAME also writes the change request, as NAME.md and NAME.html: symptom and evidence, the change as steps
in the words of your firewall (ISA, iptables, nft, or the program that wrote the file), uploads and exposure before and
after, what does not change, risks, rollback and verification.
${rulesHelp}`;

/** `compare`: what a change of rules does to the uploads and to the exposure. */
export function addCompare(program: Command, context: Context): void {
  const command = program
    .command('compare')
    .description('try the same uploads under two rule sets: what changes, and which ports open or close')
    .argument('[before]', 'a shipped rule set, or a file')
    .argument('[after]', 'another rule set or file')
    .option('--write <name>', 'write the change request, as NAME.md and NAME.html')
    .option('--intent <file>', 'what may change; status 1 if anything else does')
    .option('--ipv6', 'try the uploads by IPv6 too, and measure over it (by default under ip6tables)')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(
      async (
        first: string | undefined,
        second: string | undefined,
        { keep, json, write, intent, ipv6, need, forbid, ...options }: CompareOptions,
      ) => {
        const { output } = context;
        const { before: inForce, rules } = context.config?.config ?? {};
        // A single one is what comes after what the configuration says is in force.
        const [one, other] =
          second === undefined && inForce !== undefined ? [undefined, first] : [first, second];
        const before = givenRules(command, 'before', one, inForce);
        const after = givenRules(command, 'after', other, rules);
        const request = {
          ...rulesOptionsOf(options, context),
          need,
          forbid,
          intent,
          ipv6,
          forChangeRequest: write !== undefined,
        };
        await checkDocuments({ json });
        const { comparisonText } = await import('../../report/text/comparison.ts');
        const { compare } = await import('../../trial/compare.ts');
        const { changeRequestFiles, wordsOf, writeChangeRequest } = await import(
          '../write-change-request.ts'
        );
        const files = write === undefined ? undefined : await changeRequestFiles(write);
        await inView(
          context,
          { keep },
          (view) => compare(before, after, { ...request, ...view }),
          async (comparison) => {
            context.status = statusOfComparison(comparison);
            await deliver(output, json, comparison, (style) => comparisonText(comparison, style));
            if (!files) return;
            await writeChangeRequest(files, comparison, wordsOf(program, context));
            if (json !== '-') output.result(`\n${files.md}\n${files.html}`);
          },
        );
      },
    );
  addJsonOption(addRulesOptions(addDemandOptions(command)));
}

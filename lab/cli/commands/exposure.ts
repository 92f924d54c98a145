import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { inView } from '../in-view.ts';
import { addJsonOption, checkDocuments, deliver } from '../options/documents.ts';
import {
  addRulesOptions,
  givenRules,
  type RulesFileOptions,
  rulesHelp,
  rulesOptionsOf,
} from '../options/rules.ts';

interface ExposureOptions extends RulesFileOptions {
  readonly keep?: true;
  readonly ipv6?: true;
  readonly json?: string;
}

const help = `${rulesHelp}

Measured, not computed: the lab sends a SYN to every TCP port, from each network to each other one, from an ordinary
source port and, if a rule may look at the source port, from ports 20 and 21. It also checks what an FTP filter opens
if PORT, EPRT, 227 or 229 name a host or port that they should not. One host represents its network; hosts that the
rules name by address are probed too. A port is closed only if its probe entered the firewall and did not leave it;
lost probes are sent again.

With --ipv6 all of this is measured over IPv6 too, and whether ICMPv6 errors get through that path MTU discovery needs.`;

/** `exposure`: what a rule set lets through in addition to the uploads. */
export function addExposure(program: Command, context: Context): void {
  const command = program
    .command('exposure')
    .description('measure what a rule set lets through: every TCP port, between all networks')
    .argument('[rules]', 'a shipped rule set, or a file')
    .option('--ipv6', 'measure over IPv6 too (by default under a file of ip6tables-save)')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(async (given: string | undefined, { keep, json, ipv6, ...options }: ExposureOptions) => {
      const rules = givenRules(command, 'rules', given, context.config?.config.rules);
      const request = rulesOptionsOf(options, context);
      await checkDocuments({ json });
      const { exposureText } = await import('../../report/text/exposure.ts');
      const { exposure } = await import('../../trial/exposure.ts');
      await inView(
        context,
        { keep },
        (view) => exposure(rules, { ...request, ...view, ipv6 }),
        (measured) => deliver(context.output, json, measured, (style) => exposureText(measured, style)),
      );
    });
  addJsonOption(addRulesOptions(command));
}

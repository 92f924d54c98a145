import type { Command } from 'commander';
import { type Cause, causes } from '../../model/cause.ts';
import type { Context } from '../context.ts';
import { addDocumentOptions } from '../options/documents.ts';
import { addOldOption } from '../options/old-spellings.ts';
import { addPatienceOptions } from '../options/patience.ts';
import { addPcapOption } from '../options/pcap.ts';
import { addRulesOptions, type RulesFileOptions, rulesHelp, rulesOptionsOf } from '../options/rules.ts';
import type { ShownRunOptions } from '../show-run.ts';

const help = `
CELL is rule-set/client/server/mode[/driver][/tls][/ipv6 or /name], as other commands print it; with RULES before it, the rule set may
be left out:
  ftplab explain as-reported/y-server/vsftpd/pasv
  ftplab explain mine.rules y-server/vsftpd/pasv
With a cause in place of a cell it says what that cause is, how to tell it from others, and what cures it:
  ftplab explain data-dropped
FTP lines have the client's time. Packets have the time at which the firewall's trace reported them.
${rulesHelp}`;

function isCause(word: string): word is Cause {
  return (causes as readonly string[]).includes(word);
}

/** The configuration's rules, for a cell that does not begin with a shipped rule set. */
async function configuredFor(cell: string, { config }: Context): Promise<string | undefined> {
  if (!config) return undefined;
  const { knownScenarios } = await import('../../trial/known-scenarios.ts');
  const [ruleSet = ''] = cell.split('/');
  return knownScenarios().some(({ name }) => name === ruleSet) ? undefined : config.config.rules;
}

/** `explain`: one cell, with everything that was said and what each firewall did. */
export function addExplain(program: Command, context: Context): void {
  const command = program
    .command('explain')
    .usage('[options] [RULES] CELL|CAUSE')
    .description(
      'one upload as a ladder: what client and server said, and which rule on which firewall decided',
    )
    .argument('<cell>')
    .argument('[cell-of-rules]')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(
      async (first: string, second: string | undefined, options: RulesFileOptions & ShownRunOptions) => {
        const cell = second ?? first;
        if (second === undefined && isCause(first)) {
          const { causesPage } = await import('../../own-files.ts');
          const { causeSections } = await import('../../report/cause-sections.ts');
          const { causeText } = await import('../../report/text/cures.ts');
          const { output } = context;
          output.result(causeText(first, causeSections(causesPage()).get(first) ?? '', output.style));
          return;
        }
        const rules = second === undefined ? await configuredFor(cell, context) : first;
        const request = { ...rulesOptionsOf(options, context), rules };
        const { explain } = await import('../../trial/explain.ts');
        const { showRun } = await import('../show-run.ts');
        await showRun(context, options, 'ladder', (conditions) =>
          explain(cell, { ...request, ...conditions }),
        );
      },
    );
  addRulesOptions(command);
  addOldOption(command, '--rules <file>', (file) => `ftplab explain ${file} CELL`);
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

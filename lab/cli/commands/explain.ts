import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addDocumentOptions } from '../options/documents.ts';
import { addOldOption } from '../options/old-spellings.ts';
import { addPatienceOptions } from '../options/patience.ts';
import { addPcapOption } from '../options/pcap.ts';
import { addRulesOptions, type RulesFileOptions, rulesHelp, rulesOptionsOf } from '../options/rules.ts';
import type { ShownRunOptions } from '../show-run.ts';

const help = `
CELL is rule-set/client/server/mode[/driver][/tls], as other commands print it; with RULES before it, the rule set may
be left out:
  ftplab explain as-reported/y-server/vsftpd/pasv
  ftplab explain mine.rules y-server/vsftpd/pasv
FTP lines have the client's time. Packets have the time at which the firewall's trace reported them.
${rulesHelp}`;

/** `explain`: one cell, with everything that was said and what each firewall did. */
export function addExplain(program: Command, context: Context): void {
  const command = program
    .command('explain')
    .usage('[options] [RULES] CELL')
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
        const rules = second === undefined ? undefined : first;
        const request = { ...rulesOptionsOf(options), rules };
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

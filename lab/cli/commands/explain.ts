import type { Command } from 'commander';
import { scenarios } from '../../../scenarios/index.ts';
import { LabError } from '../../errors.ts';
import { cellId } from '../../model/cell.ts';
import { cellsOf } from '../../model/scenario.ts';
import type { OwnAddresses } from '../../network/own-addresses.ts';
import { explanation } from '../../report/text/explanation.ts';
import { attemptUnder } from '../../trial/attempt-under.ts';
import { type RulesFile, readRulesFile } from '../../trial/rules-file.ts';
import { conduct } from '../conduct.ts';
import type { Context } from '../context.ts';
import { statusOfRun } from '../exit-status.ts';
import { parseCell } from '../options/cell.ts';
import { addDocumentOptions, type DocumentFiles } from '../options/documents.ts';
import { addPatienceOptions, type PatienceOptions } from '../options/patience.ts';
import { addPcapOption, type PcapOptions } from '../options/pcap.ts';
import { addRulesOptions, type RulesOptions, surroundingsOf } from '../options/rule-sets.ts';

interface ExplainOptions extends DocumentFiles, PatienceOptions, PcapOptions, RulesOptions {
  readonly rules?: string;
  readonly keep?: true;
}

const help = `
CELL is rule-set/client/server/mode[/driver][/tls]; the rule set is a scenario's, or, with --rules, that of the file:
  ftplab explain as-reported/y-server/vsftpd/pasv
  ftplab explain --rules mine.rules mine/y-server/vsftpd/pasv
An iptables-save file from production takes the same options as "ftplab compare": --inside, --outside, --subnet, --host.
Times of FTP lines are the client's; those of packets are when the firewall's trace told of them.`;

/** `explain`: one cell, with everything that was said and what each firewall did. */
export function addExplain(program: Command, context: Context): void {
  const command = program
    .command('explain')
    .description(
      'one cell as a ladder: what client and server said, and which rule on which firewall decided',
    )
    .argument('<cell>', 'which cell')
    .option('--rules <file>', 'a rule set in TypeScript, or an iptables-save file, instead of a scenario')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(async (text: string, options: ExplainOptions) => {
      const { file, own } = await rulesOf(options);
      const key = parseCell(text, file && [file.name]);
      const scenario = scenarios.find(({ ruleSet }) => ruleSet.name === key.ruleSet);
      const expected =
        scenario && !file && cellsOf(scenario).find((cell) => cellId(cell.key) === cellId(key))?.expected;
      const planned = [{ ruleSet: key.ruleSet, id: cellId(key) }];
      const { output } = context;
      const show = explanation;
      const run = await conduct(
        context,
        { ...options, own, questions: new Map(), staged: new Set(), planned, show },
        async (lab, work) => {
          const rules = file ? file.rules(lab.plan) : scenario?.ruleSet;
          if (!rules) throw new Error(`There are no rules ${key.ruleSet}`);
          for (const note of file?.notes(lab.plan) ?? []) output.message(`note: ${note}`);
          const wanted = [{ key, ...(expected && { expected }) }];
          return attemptUnder(lab, rules, wanted, { ...work, counters: true }, options.rules ?? key.ruleSet);
        },
      );
      context.status = statusOfRun(run);
    });
  addRulesOptions(command);
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

const aboutFiles = ['firewall', 'inside', 'outside', 'subnet', 'host', 'ipset'] as const;

async function rulesOf({
  rules,
  ...options
}: ExplainOptions): Promise<{ readonly file?: RulesFile; readonly own: OwnAddresses }> {
  const given = aboutFiles.find((name) => options[name] !== undefined);
  if (rules === undefined && given !== undefined)
    throw new LabError('usage', 'option-not-applicable', `--${given} goes with --rules alone`);
  const { firewall, surroundings } = surroundingsOf(options);
  const { own } = surroundings;
  return rules === undefined ? { own } : { file: await readRulesFile(rules, firewall, surroundings), own };
}

import type { Command } from 'commander';
import { scenarios } from '../../scenarios/index.ts';
import { LabError } from '../errors.ts';
import { firewallNames } from '../network/topology.ts';
import { explanation } from '../report/explanation.ts';
import { cellId } from '../verdict/cell.ts';
import { cellsOf } from '../verdict/scenario.ts';
import { attemptUnder } from './attempt-under.ts';
import { parseCell } from './cell-argument.ts';
import { conduct } from './conduct.ts';
import { type Context, oneOf } from './context.ts';
import { addDocumentOptions, type DocumentFiles } from './documents.ts';
import { statusOfRun } from './exit-status.ts';
import { addPatienceOptions, type PatienceOptions } from './patience.ts';
import { addPcapOption, type PcapOptions } from './pcap.ts';
import { readRulesFile } from './rules-file.ts';

interface ExplainOptions extends DocumentFiles, PatienceOptions, PcapOptions {
  readonly rules?: string;
  readonly firewall?: string;
  readonly keep?: true;
}

const help = `
CELL is rule-set/client/server/mode[/driver][/tls]; the rule set is a scenario's, or, with --rules, that of the file:
  ftplab explain as-reported/y-server/vsftpd/pasv
  ftplab explain --rules mine.rules mine/y-server/vsftpd/pasv
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
    .option('--firewall <name>', 'which firewall an iptables-save file is for (default: "isa-y")')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(async (text: string, options: ExplainOptions) => {
      const file = await rulesOf(options);
      const key = parseCell(text, file && [file.name]);
      const scenario = scenarios.find(({ ruleSet }) => ruleSet.name === key.ruleSet);
      const expected =
        scenario && !file && cellsOf(scenario).find((cell) => cellId(cell.key) === cellId(key))?.expected;
      const planned = [{ ruleSet: key.ruleSet, id: cellId(key) }];
      const { output } = context;
      const show = explanation;
      const run = await conduct(
        context,
        { ...options, questions: new Map(), staged: new Set(), planned, show },
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
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

async function rulesOf({ rules, firewall }: ExplainOptions) {
  if (rules === undefined && firewall !== undefined)
    throw new LabError('usage', 'firewall-not-applicable', '--firewall goes with --rules alone');
  if (rules === undefined) return undefined;
  return readRulesFile(rules, oneOf('firewall', firewall ?? 'isa-y', firewallNames));
}

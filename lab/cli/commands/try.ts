import type { Command } from 'commander';
import { cellId } from '../../model/cell.ts';
import { attemptUnder } from '../../trial/attempt-under.ts';
import { conduct } from '../conduct.ts';
import type { Context } from '../context.ts';
import { statusOfRun } from '../exit-status.ts';
import { notesOn } from '../notes-on.ts';
import { addDocumentOptions, type DocumentFiles } from '../options/documents.ts';
import { addOwnRulesOptions, fileHelp, type OwnRulesOptions, readOwnRules } from '../options/own-rules.ts';
import { addPatienceOptions, type PatienceOptions } from '../options/patience.ts';
import { addPcapOption, type PcapOptions } from '../options/pcap.ts';

interface TryOptions extends DocumentFiles, OwnRulesOptions, PatienceOptions, PcapOptions {
  readonly keep?: true;
}

const statusHelp = `
A blocked upload is an answer: the exit status is 0 when every cell could be decided, 1 when one could not.`;

/** `try`: one's own rules, without expectations. */
export function addTry(program: Command, context: Context): void {
  const command = program
    .command('try')
    .description('try the same uploads under your own rules')
    .argument('<file>', 'a rule set in TypeScript, or an iptables-save file');
  addOwnRulesOptions(command)
    .option('--keep', 'leave the lab up')
    .addHelpText('after', `${fileHelp}\n${statusHelp}`)
    .action(async (path: string, options: TryOptions) => {
      const { file, own, attempts } = await readOwnRules(path, options);
      const questions = new Map([[file.name, `what do the rules of ${path} let through?`]]);
      const planned = attempts.map((key) => ({
        ruleSet: file.name,
        id: cellId({ ...key, ruleSet: file.name }),
      }));
      const conditions = { ...options, own, questions, staged: new Set<string>(), planned };
      const run = await conduct(context, conditions, async (lab, work) => {
        const wanted = attempts.map((key) => ({ key }));
        const { ms, ...results } = await attemptUnder(lab, file.rules(lab.plan), wanted, work, path);
        return { ...results, notes: notesOn(file, lab, ms) };
      });
      context.status = statusOfRun(run);
    });
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

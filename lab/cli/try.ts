import type { Command } from 'commander';
import { attemptAll, runControls } from '../run-scenarios.ts';
import { cellId } from '../verdict/cell.ts';
import { conduct } from './conduct.ts';
import type { Context } from './context.ts';
import { addDocumentOptions, type DocumentFiles } from './documents.ts';
import { statusOfRun } from './exit-status.ts';
import { withFile } from './load-module.ts';
import { notesOn } from './notes-on.ts';
import { addOwnRulesOptions, fileHelp, type OwnRulesOptions, readOwnRules } from './own-rules.ts';
import { addPatienceOptions, type PatienceOptions } from './patience.ts';
import { addPcapOption, type PcapOptions } from './pcap.ts';

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
        const rules = file.rules(lab.plan);
        // Once before the controls, so that rules that do not load are known at once; once to stay.
        const ms = await lab.load(rules).catch((error) => Promise.reject(withFile(error, path)));
        const invalid = await runControls(lab, attempts, work);
        await lab.load(rules);
        const wanted = attempts.map((key) => ({ key }));
        const cells = await attemptAll(lab, wanted, work);
        return { cells, void: invalid, skipped: [], notes: notesOn(file, lab, ms) };
      });
      context.status = statusOfRun(run);
    });
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import type { AddressPlan } from '../../network/address-plan.ts';
import { labVersion } from '../../own-files.ts';
import { compileRuleSet } from '../../policy/compile.ts';
import { changeRequest, type Side } from '../../report/markdown/change-request.ts';
import { markdownPage } from '../../report/markdown/markdown-page.ts';
import type { RulesFile } from '../../trial/rules-file.ts';
import { breaksNothing, compareCells } from '../../verdict/comparison.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { loadEach } from '../load-each.ts';
import { checkWritable } from '../options/documents.ts';
import { addRulesOptions, isRuleSet, type RulesOptions, readRules, rulesHelp } from '../options/rule-sets.ts';
import { checkControls, commonAttempts, type Tried, tryRules } from '../try-both.ts';
import { withLab } from '../with-lab.ts';

interface ChangeRequestOptions extends RulesOptions {
  readonly before: string;
  readonly keep?: true;
  readonly output?: string;
}

const help = `${rulesHelp}
Writes two files, the same text in Markdown and in HTML: symptom and evidence, the change as steps in ISA's console
and as an iptables diff, uploads and exposure before and after, what does not change, risks, rollback, verification.
Exit status: 0 when nothing that worked broke, 1 otherwise; the files are written in any case.`;

/** `change-request`: the document for the change board. */
export function addChangeRequest(program: Command, context: Context): void {
  const command = program
    .command('change-request')
    .description('try a change and write the change request for it, in Markdown and HTML')
    .argument('<after>', 'the rule set to change to');
  addRulesOptions(command)
    .option('--before <ruleset>', 'what is in force now', 'as-reported')
    .option('--output <file>', 'name of the files without .md and .html (default: change-request-NAME)')
    .option('--keep', 'leave the lab up')
    .addHelpText('after', help)
    .action(async (word: string, { before, keep, output: base, ...options }: ChangeRequestOptions) => {
      const { files, own } = await readRules([before, word], options);
      const [former, later] = [files[0]?.file, files[1]?.file];
      if (!former || !later) throw new Error('Two words are two rule sets');
      const attempts = commonAttempts(files);
      const stem = base?.replace(/\.(?:md|html)$/, '') ?? `change-request-${later.name}`;
      const documents = { md: `${stem}.md`, html: `${stem}.html` };
      for (const file of Object.values(documents)) await checkWritable('output', file);
      const [was, is] = await withLab(context, { keep, own }, async (work) => {
        await loadEach(work, files, context);
        await checkControls(work, attempts, context);
        const { plan } = work.lab;
        return [
          sideOf(former, plan, await tryRules(work, former, attempts, context)),
          sideOf(later, plan, await tryRules(work, later, attempts, context)),
        ] as const;
      });
      const date = new Date().toISOString().slice(0, 10);
      const origin = { version: labVersion(), date, command: program.args };
      const text = changeRequest(was, is, origin);
      await written(documents.md, text);
      await written(documents.html, markdownPage(`Change request: ${is.name}`, text));
      if (!breaksNothing(compareCells(was.cells, is.cells))) {
        context.status = exitStatus.differs;
        context.output.message(
          'Something that worked does not work any more, or could not be decided: see section 3.',
        );
      }
      context.output.result(`${documents.md}\n${documents.html}`);
    });
}

function sideOf(file: RulesFile, plan: AddressPlan, { cells, exposure }: Tried): Side {
  const rules = file.rules(plan);
  return {
    name: rules.name,
    ruleSet: isRuleSet(rules) ? rules : null,
    rules: 'description' in rules ? compileRuleSet(rules, plan) : rules.firewalls,
    cells,
    exposure,
  };
}

async function written(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: Error) => {
    const message = `${file} could not be written: ${error.message}`;
    throw new LabError('environment', 'output-not-written', message, undefined, { cause: error });
  });
}

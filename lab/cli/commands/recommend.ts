import type { Command } from 'commander';
import { fixes, ftpsFixes } from '../../../scenarios/fixes.ts';
import { LabError } from '../../errors.ts';
import type { RuleSet } from '../../model/rule-set.ts';
import type { Scenario } from '../../model/scenario.ts';
import { type FirewallName, firewallNames, firewallsBetween } from '../../network/topology.ts';
import { isaSteps } from '../../policy/isa-steps.ts';
import { type Question, recommendationText } from '../../report/text/recommendation.ts';
import { neededCells } from '../../trial/needed-cells.ts';
import type { RulesFile } from '../../trial/rules-file.ts';
import { attemptAll } from '../../trial/run-scenarios.ts';
import { type Candidate, recommend } from '../../verdict/recommendation.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { loadEach } from '../load-each.ts';
import { checkDocuments, writeDocument } from '../options/documents.ts';
import {
  addRulesOptions,
  isRuleSet,
  type NamedRules,
  type RulesOptions,
  readRules,
  rulesHelp,
} from '../options/rule-sets.ts';
import { checkControls } from '../try-both.ts';
import { withLab } from '../with-lab.ts';
import { measure } from './exposure.ts';

interface RecommendOptions extends RulesOptions {
  readonly need?: string[];
  readonly before: string;
  readonly keep?: true;
  readonly json?: string;
}

const help = `${rulesHelp}
The candidates are your own and the shipped fixes that keep the network rules of --before. Those under which every
needed cell uploads are ordered by measured exposure, at the same hosts for all of them.
A needed cell is client/server/mode[/driver][/tls], or a part of it as in "ftplab run"; --need may be given again.
FTPS is needed where it ends in /tls, at a server that speaks it: y-workstation/vsftpd-tls/pasv/tls.
Default: from Y to External, in the passive modes.
Exit status: 1 when no candidate meets the need.`;

/** What the report saw as the only way. */
const yardstick = 'high-ports-outbound';

/** `recommend`: which fix lets through least besides the uploads. */
export function addRecommend(program: Command, context: Context): void {
  const command = program
    .command('recommend')
    .description('find the rule set that makes the needed uploads work and lets through least besides')
    .argument('[ruleset...]', 'candidates of your own: files');
  addRulesOptions(command)
    .option('--need <cell>', 'what has to upload (may be given again)', collect)
    .option('--before <ruleset>', 'what is in force now', 'as-reported')
    .option('--keep', 'leave the lab up')
    .option('--json <file>', 'write the result as JSON; - is standard output')
    .addHelpText('after', help)
    .action(async (words: string[], { need, before, keep, json, ...options }: RecommendOptions) => {
      const needed = neededCells(need ?? []);
      const { files: read, own } = await readRules([before, ...words], options);
      const former = read[0]?.file;
      if (!former) throw new Error('A word is a rule set');
      await checkDocuments(json === undefined ? {} : { json });
      const { output, interruption } = context;
      const { signal } = interruption;
      let steps: Question['steps'] = null;
      const recommendation = await withLab(context, { keep, own }, async (work) => {
        const { lab, doing } = work;
        const formerRules = former.rules(lab.plan);
        const proposed = [...needed.values()].some(({ tls }) => tls) ? [...fixes, ...ftpsFixes] : fixes;
        const files = [...shippedLike(formerRules, proposed), ...read.slice(1)];
        await loadEach(work, read, context);
        await checkControls(work, [...needed.values()], context);
        const candidates: Candidate[] = [];
        for (const { file } of files) {
          await lab.load(file.rules(lab.plan));
          doing(`Trying ${file.name}`);
          const cells = await attemptAll(
            lab,
            [...needed.values()].map((key) => ({ key })),
            { signal },
          );
          const meets = cells.every(({ verdict }) => verdict.uploaded);
          candidates.push({ name: file.name, cells, exposure: meets ? await measure(work, signal) : null });
        }
        const found = recommend(candidates);
        const best = files.find(({ file }) => file.name === found.fixes[0]?.name)?.file.rules(lab.plan);
        if (isRuleSet(formerRules) && best && isRuleSet(best)) steps = isaSteps(formerRules, best);
        return found;
      });
      if (recommendation.fixes.length === 0) context.status = exitStatus.differs;
      const crossed = [...needed.values()].flatMap(({ client, server }) => firewallsBetween(client, server));
      const onTheWay = firewallNames.filter((name) => crossed.includes(name));
      const question = { before: former.name, need: [...needed.keys()], steps, onTheWay, yardstick };
      if (json !== undefined) {
        const document = { version: 1, need: question.need, before: former.name, ...recommendation, steps };
        await writeDocument('json', json, `${JSON.stringify(document, null, 2)}\n`, output);
      }
      if (json !== '-') output.result(recommendationText(recommendation, question, output.style));
    });
}

/** The shipped fixes of those proposed that have the network rules of another rule set. */
function shippedLike(before: ReturnType<RulesFile['rules']>, proposed: readonly Scenario[]): NamedRules[] {
  const relation = (rules: RuleSet, firewall: FirewallName) =>
    rules.firewalls[firewall].networkRule?.relation;
  const alike = (rules: RuleSet) =>
    !isRuleSet(before) || firewallNames.every((name) => relation(rules, name) === relation(before, name));
  return proposed
    .filter(({ ruleSet }) => isRuleSet(ruleSet) && alike(ruleSet))
    .map(({ name, ruleSet }) => ({
      word: name,
      file: { name, firewall: null, rules: () => ruleSet, notes: () => [] },
    }));
}

function collect(value: string, earlier: string[] | undefined): string[] {
  if (value.trim() === '') throw new LabError('usage', 'no-match', 'No cell matches ""');
  return [...(earlier ?? []), value];
}

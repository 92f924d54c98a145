import type { Command } from 'commander';
import { duration } from '../../duration.ts';
import type { Exposure } from '../../model/exposure.ts';
import { exposureJson, exposureText } from '../../report/text/exposure.ts';
import type { Context } from '../context.ts';
import { loadEach } from '../load-each.ts';
import { checkDocuments, writeDocument } from '../options/documents.ts';
import { addRulesOptions, type RulesOptions, readRules, rulesHelp } from '../options/rule-sets.ts';
import { type Work, withLab } from '../with-lab.ts';

interface ExposureOptions extends RulesOptions {
  readonly keep?: true;
  readonly json?: string;
}

const help = `${rulesHelp}
Measured, not computed: from each network towards each other one, a SYN to every TCP port, from an ordinary source
port and from 20 and 21; and what an FTP filter opens when PORT, EPRT, 227 or 229 name a host or port that they
should not. A host stands for its network, and so does every other one that the rules name by address. A port is
closed only where its probe came to the firewall and did not leave it; lost probes are sent again.`;

/** `exposure`: what a rule set lets through besides the uploads. */
export function addExposure(program: Command, context: Context): void {
  const command = program
    .command('exposure')
    .description('measure what a rule set lets through: every TCP port, between all networks')
    .argument('<ruleset>', 'a shipped rule set, or a file');
  addRulesOptions(command)
    .option('--keep', 'leave the lab up')
    .option('--json <file>', 'write the result as JSON; - is standard output')
    .addHelpText('after', help)
    .action(async (word: string, { keep, json, ...options }: ExposureOptions) => {
      const { files, own } = await readRules([word], options);
      await checkDocuments(json === undefined ? {} : { json });
      const { output, interruption } = context;
      const exposure = await withLab(context, { keep, own }, async (work) => {
        await loadEach(work, files, context);
        return measure(work, interruption.signal);
      });
      if (json !== undefined) await writeDocument('json', json, exposureJson(exposure), output);
      if (json !== '-') output.result(exposureText(exposure, output.style));
    });
}

/** Measures the rules in force and tells of it. */
export function measure({ lab, doing, live }: Work, signal: AbortSignal): Promise<Exposure> {
  const what = `Measuring the exposure of ${lab.ruleSet}`;
  doing(what);
  let passes = '';
  const start = performance.now();
  live.show(() => `${what}${passes} ... ${duration(performance.now() - start)}`);
  const progress = (done: number, of: number) => {
    passes = done <= of ? `: ${done} of ${of} passes` : `: ${done - of} passes again, as probes were lost`;
  };
  return lab.measureExposure({ signal, progress });
}

import type { Command } from 'commander';
import type { Exposure } from '../exposure/exposure.ts';
import { firewallNames } from '../network/topology.ts';
import { exposureJson, exposureText } from '../report/exposure.ts';
import { type Context, oneOf } from './context.ts';
import { checkDocuments, writeDocument } from './documents.ts';
import { withFile } from './load-module.ts';
import { readRules, rulesHelp } from './rule-sets.ts';
import { type Work, withLab } from './with-lab.ts';

interface ExposureOptions {
  readonly firewall?: string;
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
  program
    .command('exposure')
    .description('measure what a rule set lets through: every TCP port, between all networks')
    .argument('<ruleset>', 'a shipped rule set, or a file')
    .option('--firewall <name>', 'which firewall an iptables-save file is for (default: "isa-y")')
    .option('--keep', 'leave the lab up')
    .option('--json <file>', 'write the result as JSON; - is standard output')
    .addHelpText('after', help)
    .action(async (word: string, { firewall, keep, json }: ExposureOptions) => {
      const file = await readRules(word, oneOf('firewall', firewall ?? 'isa-y', firewallNames));
      await checkDocuments(json === undefined ? {} : { json });
      const { output, interruption } = context;
      const exposure = await withLab(context, keep ? { keep } : {}, async (work) => {
        for (const text of file.notes(work.lab.plan)) output.message(`note: ${text}`);
        await work.lab
          .load(file.rules(work.lab.plan))
          .catch((error) => Promise.reject(withFile(error, word)));
        return measure(work, interruption.signal);
      });
      if (json !== undefined) await writeDocument('json', json, exposureJson(exposure), output);
      if (json !== '-') output.result(exposureText(exposure, output.style));
    });
}

/** Measures the rules in force and tells of it. */
export function measure({ lab, doing }: Work, signal: AbortSignal): Promise<Exposure> {
  doing(`Measuring the exposure of ${lab.ruleSet}`);
  return lab.measureExposure({ signal });
}

import type { Command } from 'commander';
import { atSameLines, exposureChanges, totals } from '../exposure/compare.ts';
import { firewallNames } from '../network/topology.ts';
import { changeLines, changesText, exposureChangesText } from '../report/comparison.ts';
import { portCount } from '../report/exposure.ts';
import { colorsOf } from '../report/style.ts';
import { wrap } from '../report/wrap.ts';
import { breaksNothing, compareCells } from '../verdict/comparison.ts';
import { type Context, oneOf } from './context.ts';
import { checkDocuments, writeDocument } from './documents.ts';
import { exitStatus } from './exit-status.ts';
import { readRules, rulesHelp } from './rule-sets.ts';
import { checkControls, checkThatTheyLoad, commonAttempts, tryRules } from './try-both.ts';
import { withLab } from './with-lab.ts';

interface CompareOptions {
  readonly firewall?: string;
  readonly keep?: true;
  readonly json?: string;
}

const help = `${rulesHelp}
+ works now, - no longer works, ~ fails differently, ? could not be decided.
Exit status: 0 only if nothing that worked broke, 1 otherwise.`;

/** `compare`: what a change of rules does to the uploads, and to what gets through besides. */
export function addCompare(program: Command, context: Context): void {
  program
    .command('compare')
    .description('try the same uploads under two rule sets: what changes, and what more gets through')
    .argument('<before>', 'a shipped rule set, or a file')
    .argument('<after>', 'another one')
    .option('--firewall <name>', 'which firewall an iptables-save file is for (default: "isa-y")')
    .option('--keep', 'leave the lab up')
    .option('--json <file>', 'write the result as JSON; - is standard output')
    .addHelpText('after', help)
    .action(async (first: string, second: string, { firewall, keep, json }: CompareOptions) => {
      const target = oneOf('firewall', firewall ?? 'isa-y', firewallNames);
      const [before, after] = [await readRules(first, target), await readRules(second, target)];
      const attempts = commonAttempts([before, after]);
      await checkDocuments(json === undefined ? {} : { json });
      const { output } = context;
      const [former, later] = await withLab(context, keep ? { keep } : {}, async (work) => {
        const files = [
          { word: first, file: before },
          { word: second, file: after },
        ];
        await checkThatTheyLoad(work, files, context);
        await checkControls(work, attempts, context);
        return [
          await tryRules(work, before, attempts, context),
          await tryRules(work, after, attempts, context),
        ] as const;
      });
      const changes = compareCells(former.cells, later.cells);
      const ports = exposureChanges(former.exposure, later.exposure);
      if (!breaksNothing(changes)) context.status = exitStatus.differs;
      if (json !== undefined) {
        const document = {
          version: 1,
          before: former,
          after: later,
          changes: changes
            .filter(({ sign }) => sign !== '=')
            .map(({ path, aspect, sign }) => ({ cell: path, aspect, sign })),
          ports,
          summary: { breaksNothing: breaksNothing(changes), lines: changeLines(changes) },
        };
        await writeDocument('json', json, `${JSON.stringify(document, null, 2)}\n`, output);
      }
      if (json === '-') return;
      const { style } = output;
      output.result(colorsOf(style).bold(wrap(`${before.name} before, ${after.name} now`, style.width)));
      output.result(`${changesText(changes, style)}\n`);
      const [was, is] = atSameLines([former.exposure, later.exposure]).map(totals);
      if (was && is)
        output.result(
          wrap(
            `Exposure: ${portCount(was.ports)} before, ${portCount(is.ports)} now; inbound ${was.inbound.toLocaleString('en-US')} before, ${is.inbound.toLocaleString('en-US')} now.`,
            style.width,
          ),
        );
      output.result(exposureChangesText(ports, style));
    });
}

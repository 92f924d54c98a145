import type { Command } from 'commander';
import { changeLines, changesText, exposureChangesText } from '../../report/text/comparison.ts';
import { portCount } from '../../report/text/exposure.ts';
import { colorsOf } from '../../report/text/style.ts';
import { wrap } from '../../report/text/wrap.ts';
import { breaksNothing, compareCells } from '../../verdict/comparison.ts';
import { atSameLines, exposureChanges, totals } from '../../verdict/exposure-comparison.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { loadEach } from '../load-each.ts';
import { checkDocuments, writeDocument } from '../options/documents.ts';
import { addRulesOptions, type RulesOptions, readRules, rulesHelp } from '../options/rule-sets.ts';
import { checkControls, commonAttempts, tryRules } from '../try-both.ts';
import { withLab } from '../with-lab.ts';

interface CompareOptions extends RulesOptions {
  readonly keep?: true;
  readonly json?: string;
}

const help = `${rulesHelp}
+ works now, - no longer works, ~ fails differently, ? could not be decided.
Exit status: 0 only if nothing that worked broke, 1 otherwise.`;

/** `compare`: what a change of rules does to the uploads, and to what gets through besides. */
export function addCompare(program: Command, context: Context): void {
  const command = program
    .command('compare')
    .description('try the same uploads under two rule sets: what changes, and what more gets through')
    .argument('<before>', 'a shipped rule set, or a file')
    .argument('<after>', 'another one');
  addRulesOptions(command)
    .option('--keep', 'leave the lab up')
    .option('--json <file>', 'write the result as JSON; - is standard output')
    .addHelpText('after', help)
    .action(async (first: string, second: string, { keep, json, ...options }: CompareOptions) => {
      const { files, own } = await readRules([first, second], options);
      const [before, after] = [files[0]?.file, files[1]?.file];
      if (!before || !after) throw new Error('Two words are two rule sets');
      const attempts = commonAttempts(files);
      await checkDocuments(json === undefined ? {} : { json });
      const { output } = context;
      const [former, later] = await withLab(context, { keep, own }, async (work) => {
        await loadEach(work, files, context);
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

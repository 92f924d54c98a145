import type { Command } from 'commander';
import { scenarios } from '../../../scenarios/index.ts';
import { LabError } from '../../errors.ts';
import { cellId, type Expectation } from '../../model/cell.ts';
import { cellsOf, type Scenario, withPrograms } from '../../model/scenario.ts';
import { type Shard, shardOf } from '../../model/shard.ts';
import { wrap } from '../../report/text/wrap.ts';
import { runScenarios } from '../../trial/run-scenarios.ts';
import { selectCells } from '../../trial/select-cells.ts';
import { conduct } from '../conduct.ts';
import { conductOn } from '../conduct-on.ts';
import type { Context } from '../context.ts';
import { statusOfRun } from '../exit-status.ts';
import { addDocumentOptions, type DocumentFiles, writeDocument } from '../options/documents.ts';
import { addDriverOptions, type DriverOptions, programsOf, refuseUnable } from '../options/drivers.ts';
import { addPatienceOptions, type PatienceOptions } from '../options/patience.ts';
import { addPcapOption, type PcapOptions } from '../options/pcap.ts';
import { parseShard } from '../options/shard.ts';

interface RunOptions extends DocumentFiles, DriverOptions, PatienceOptions, PcapOptions {
  readonly keep?: true;
  readonly shard?: Shard;
  readonly list?: true;
  readonly install?: true;
  readonly engines?: string;
}

const patternHelp = `
A pattern is a scenario (as-reported), a path of a cell's segments (rule-set/client/server/mode),
whole or from its start, or any one segment; * stands for anything within a segment:
  ftplab run as-reported ftp-filter
  ftplab run 'as-reported/*/vsftpd/pasv' y-workstation
With --driver or --tls the cells are made by those programs; those that a scenario does not speak of have no expectation.`;

/** `run`: scenarios, from bringing the lab up to taking it down. */
export function addRun(program: Command, context: Context): void {
  const command = program
    .command('run')
    .description(
      'run the scenarios (all, or those cells that a PATTERN matches) and compare with what is expected',
    )
    .argument('[patterns...]', 'which cells')
    .option('--keep', 'leave the lab up')
    .option('--shard <i/n>', 'only the i-th of n parts of the cells', parseShard)
    .option('--engines <file>', 'spread the rule sets over the Docker engines that a file lists, a line each')
    .option('--list', 'only list the scenarios with their questions (with --json, as a document)')
    .addOption(program.createOption('--install', 'install what is missing').hideHelp())
    .addHelpText('after', patternHelp)
    .action(async (patterns: string[], options: RunOptions) => {
      refuseUnable(options, undefined);
      const asked = options.driver !== undefined || options.tls === true;
      const offered: readonly Scenario<Expectation | null>[] = asked
        ? scenarios
            .map((scenario) => withPrograms(scenario, programsOf(options)))
            .filter(({ cells }) => cells.length > 0)
        : scenarios;
      const all = selectCells(offered, patterns);
      const selected = options.shard ? shardOf(all, options.shard) : all;
      if (selected.length === 0)
        throw new LabError(
          'usage',
          'empty-shard',
          'This shard has no cells: there are more shards than cells',
        );
      if (options.list) return list(selected, context, options);
      const questions = new Map(selected.map(({ ruleSet, question }) => [ruleSet.name, question]));
      const staged = new Set(selected.flatMap(({ name, stages }) => (stages ? [name] : [])));
      const planned = selected
        .flatMap((one) => cellsOf(one))
        .map(({ key }) => ({ ruleSet: key.ruleSet, id: cellId(key) }));
      const conducted = { ...options, questions, staged, planned };
      const run =
        options.engines === undefined
          ? await conduct(context, conducted, (lab, work) => runScenarios(lab, selected, work))
          : await conductOn(options.engines, context, conducted, selected);
      context.status = statusOfRun(run);
    });
  addDriverOptions(command);
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

async function list(
  selected: readonly Scenario<Expectation | null>[],
  { output }: Context,
  { json }: DocumentFiles,
) {
  if (json !== undefined) {
    const listed = selected.map((scenario) => ({
      name: scenario.name,
      question: scenario.question,
      cells: cellsOf(scenario).length,
    }));
    const text = `${JSON.stringify({ version: 1, scenarios: listed }, null, 2)}\n`;
    return writeDocument('json', json, text, output);
  }
  const width = Math.max(...selected.map(({ name }) => name.length)) + 2;
  for (const { name, question } of selected) {
    const [first = '', ...rest] = wrap(question, output.style.width - width).split('\n');
    output.result([name.padEnd(width) + first, ...rest.map((line) => ' '.repeat(width) + line)].join('\n'));
  }
}

import type { Command } from 'commander';
import { scenarios } from '../../scenarios/index.ts';
import { wrap } from '../report/wrap.ts';
import { runScenarios } from '../run-scenarios.ts';
import { cellsOf, type Scenario } from '../verdict/scenario.ts';
import { conduct } from './conduct.ts';
import type { Context } from './context.ts';
import { statusOfRun } from './exit-status.ts';
import { selectCells } from './select-cells.ts';

interface RunOptions {
  readonly keep?: true;
  readonly json?: string;
  readonly list?: true;
  readonly install?: true;
}

const patternHelp = `
A pattern is a scenario (as-reported), a path of a cell's segments (rule-set/client/server/mode),
whole or from its start, or any one segment; * stands for anything within a segment:
  ftplab run as-reported ftp-filter
  ftplab run 'as-reported/*/vsftpd/pasv' y-workstation`;

/** `run`: scenarios, from bringing the lab up to taking it down. */
export function addRun(program: Command, context: Context): void {
  program
    .command('run')
    .description(
      'run the scenarios (all, or those cells that a PATTERN matches) and compare with what is expected',
    )
    .argument('[patterns...]', 'which cells')
    .option('--keep', 'leave the lab up')
    .option('--json <file>', 'write the results as JSON; - is standard output')
    .option('--list', 'only list the scenarios with their questions')
    .addOption(program.createOption('--install', 'install what is missing').hideHelp())
    .addHelpText('after', patternHelp)
    .action(async (patterns: string[], options: RunOptions) => {
      const selected = selectCells(scenarios, patterns);
      if (options.list) return list(selected, context);
      const questions = new Map(selected.map(({ ruleSet, question }) => [ruleSet.name, question]));
      const total = selected.reduce((sum, scenario) => sum + cellsOf(scenario).length, 0);
      const run = await conduct(context, { ...options, questions, total }, (lab, onCell) =>
        runScenarios(lab, selected, { onCell, signal: context.interruption.signal }),
      );
      context.status = statusOfRun(run);
    });
}

function list(selected: readonly Scenario[], { output }: Context): void {
  const width = Math.max(...selected.map(({ name }) => name.length)) + 2;
  for (const { name, question } of selected) {
    const [first = '', ...rest] = wrap(question, output.style.width - width).split('\n');
    output.result([name.padEnd(width) + first, ...rest.map((line) => ' '.repeat(width) + line)].join('\n'));
  }
}

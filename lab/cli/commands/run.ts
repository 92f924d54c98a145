import type { Command } from 'commander';
import { LabError } from '../../errors.ts';
import { type Backend, backends } from '../../policy/backend.ts';
import type { RunConditions, Selection } from '../../trial/run.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { addDocumentOptions, deliver } from '../options/documents.ts';
import { addOldOption } from '../options/old-spellings.ts';
import { addPatienceOptions } from '../options/patience.ts';
import { addPcapOption } from '../options/pcap.ts';
import { type NamedShard, parseShard } from '../options/shard.ts';
import { addProgramOptions, type ProgramOptions } from '../options/uploads.ts';
import type { ShownRunOptions } from '../show-run.ts';

interface RunOptions extends ShownRunOptions, ProgramOptions {
  readonly shard?: NamedShard;
  readonly backend?: Backend;
  readonly list?: true;
  readonly resume?: string;
}

const patternHelp = `
A pattern is a scenario (as-reported), a path of a cell's segments (rule-set/client/server/mode),
whole or from its start, or any one segment; * stands for anything within a segment:
  ftplab run as-reported ftp-filter
  ftplab run 'as-reported/*/vsftpd/pasv' y-workstation
With --driver, --tls or --ipv6 the attempts are made so. Cells that no scenario describes have no expectation.
Parts of a run can be made on several machines or Docker engines (DOCKER_HOST); "ftplab report" merges them.`;

/** `run`: scenarios, from bringing the lab up to taking it down. */
export function addRun(program: Command, context: Context): void {
  const command = program
    .command('run')
    .description('run the scenarios, all or some, and compare the results with the expected ones')
    .argument('[patterns...]', 'which cells')
    .option('--list', 'only list the scenarios with their questions')
    .option('--keep', 'leave the lab up')
    .option('--resume <file>', 'go on with a run that was cut short, from its JSON document')
    .option(
      '--shard <i/n>',
      'run only the i-th of n parts of the cells; job/n: the part of this container in a job',
      parseShard,
    )
    .addOption(
      program
        .createOption(
          '--backend <language>',
          "what rule sets in ISA's terms are compiled to (default: iptables)",
        )
        .choices(backends),
    )
    .addOption(program.createOption('--install', 'install what is missing').hideHelp())
    .addHelpText('after', patternHelp)
    .action(async (patterns: string[], { list, resume, backend, ...options }: RunOptions) => {
      const { driver: drivers, tls, ipv6, shard: named, json } = options;
      const shard = named && { index: named.index, count: named.count };
      const selection: Selection = { patterns, drivers, tls, ipv6, shard, names: context.names };
      const { listScenarios, preparedRun } = await import('../../trial/run.ts');
      if (list) {
        const { scenarioList } = await import('../../report/text/scenario-list.ts');
        const listed = listScenarios(selection);
        return deliver(context.output, json, listed, (style) => scenarioList(listed, style));
      }
      // What shows the result takes as long to load as this, and nobody has to wait for it to hear of a slip of the pen.
      const work = resume === undefined ? preparedRun(selection) : await restOf(resume, selection);
      const { showRun } = await import('../show-run.ts');
      const { summary } = await showRun(context, { ...options, resumable: true }, 'matrix', (conditions) =>
        work({ ...conditions, backend }),
      );
      // A job would try again what the next try cannot change; the status of the whole is that of "ftplab report".
      if (named?.inJob && summary.void === null && !summary.missing) context.status = exitStatus.asExpected;
    });
  addOldOption(
    command,
    '--engines <file>',
    () =>
      'DOCKER_HOST=ENGINE ftplab run --shard 1/2 --name one --json 1.json for each engine, then ftplab report 1.json 2.json',
  );
  addProgramOptions(command);
  addPatienceOptions(command);
  addPcapOption(command);
  addDocumentOptions(command);
}

/** Throws LabError `usage` if the file holds no run that was cut short, or if cells are chosen as well. */
async function restOf(file: string, { patterns = [], drivers, tls, ipv6, shard }: Selection) {
  if (patterns.length > 0 || drivers || tls || ipv6 || shard)
    throw new LabError(
      'usage',
      'option-not-applicable',
      `--resume tries the cells that are missing from ${file}, so no others can be chosen`,
      'Leave out the patterns, --driver, --tls, --ipv6 and --shard.',
    );
  const { readRun } = await import('../read-documents.ts');
  const { resume } = await import('../../trial/resume.ts');
  const former = await readRun(file);
  return (conditions: RunConditions) => resume(former, conditions);
}

import { Command, Option } from 'commander';
import type { EngineKind } from '../engine/engine.ts';
import { labVersion } from '../own-files.ts';
import { checkLabName, defaultLabName } from '../stack/lab-name.ts';
import { addCompare } from './commands/compare.ts';
import { addCompletion } from './commands/completion.ts';
import { addDiagnose } from './commands/diagnose.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addExplain } from './commands/explain.ts';
import { addExposure } from './commands/exposure.ts';
import { addFix } from './commands/fix.ts';
import { addHelp } from './commands/help.ts';
import { addImage } from './commands/image.ts';
import { addJob } from './commands/job.ts';
import { addLogs } from './commands/logs.ts';
import { addRecommend } from './commands/recommend.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addShell } from './commands/shell.ts';
import { addStatus } from './commands/status.ts';
import { addTry } from './commands/try.ts';
import { addUp } from './commands/up.ts';
import { applyConfig, checkSubnets, configFor } from './config.ts';
import type { Context } from './context.ts';
import { jsonForm } from './options/documents.ts';
import { engineOption } from './options/engine.ts';
import { collectNamed, type Named, namesOf } from './options/names.ts';
import { addOldCommands } from './options/old-spellings.ts';

const exitStatuses = `
Exit status: 0 everything as expected, 1 something differs, 2 usage error or nothing ran,
3 this machine cannot run the lab, 130 interrupted, after cleaning up.`;

/** The commands, in the order of the help. */
const groups: readonly (readonly [
  title: string,
  commands: readonly ((program: Command, context: Context) => void)[],
])[] = [
  ['Trying uploads:', [addRun, addTry, addExplain]],
  ['Choosing rules:', [addFix, addCompare, addExposure, addRecommend]],
  ['A server of yours:', [addDiagnose]],
  ['The lab:', [addUp, addStatus, addShell, addLogs, addDown]],
  ['Reports and help:', [addReport, addDoctor, addImage, addJob, addCompletion, addHelp]],
];

/** Commands that need no hosts or rules of the user. */
const withoutConfig = ['help', 'completion', 'image', 'job', 'report'];

/** Commands that are about the shipped network, whatever network the user has. */
const ofShipped = ['diagnose', 'doctor'];

interface GlobalOptions {
  readonly name: string;
  readonly engine?: EngineKind;
  readonly call?: readonly Named[];
  readonly config?: string | boolean;
  readonly network?: string;
  readonly scenarios?: string;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** The whole command line. Throws CommanderError for usage mistakes, after printing their message. */
export function createProgram(context: Context): Command {
  const { output } = context;
  const program = new Command('ftplab');
  program
    .description('Answers: with this firewall rule set, can this client upload to that FTP server?')
    .option(
      '--name <name>',
      'the name of the lab; labs with different names run side by side',
      defaultLabName,
    )
    .addOption(engineOption())
    .option(
      '--call <host=name>',
      'what you call a host of the lab, in every output and option (may be given again)',
      collectNamed,
    )
    .option('--config <file>', 'the configuration; default: ftplab.config.ts of this folder or one above it')
    .option('--no-config', 'read no configuration')
    .option('--network <file>', 'a network of your own, see docs/networks.md')
    .option('--scenarios <file>', 'scenarios of your own, for run and explain')
    .addOption(new Option('--quiet', 'no progress on standard error').conflicts('verbose'))
    .option('--verbose', 'print a line for every finished cell')
    .version(labVersion(), '--version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.document(text),
      writeErr: (text) => output.message(text.trimEnd()),
      outputError: (text, write) =>
        write(text.includes("'--json <file>' argument missing") ? `${text}Write: ${jsonForm}` : text),
      getOutHelpWidth: () => output.style.width,
      getErrHelpWidth: () => output.style.width,
      getOutHasColors: () => output.style.color,
      getErrHasColors: () => output.style.color,
    })
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`,
    })
    .showHelpAfterError('See "ftplab --help".')
    .addHelpText('after', exitStatuses)
    .hook('preAction', async (_program, command) => {
      const { name, engine, call, config, network, scenarios, quiet, verbose } =
        command.optsWithGlobals<GlobalOptions>();
      checkLabName(name);
      context.name = name;
      if (engine !== undefined) context.engine = engine;
      output.quiet = quiet === true;
      output.verbose = verbose === true;
      const read = withoutConfig.includes(command.name()) ? undefined : await configFor(config, context);
      const from = network ?? read?.config.network;
      const more = scenarios ?? read?.config.scenarios;
      if ((from ?? more) !== undefined && !ofShipped.includes(command.name())) {
        const { useNetwork, useScenarios } = await import('../trial/use-network.ts');
        if (from !== undefined) await useNetwork(from);
        if (more !== undefined) await useScenarios(more);
      }
      context.names = namesOf(call, read?.config.names, read?.file);
      if (!read) return;
      checkSubnets(read.config, read.file);
      context.config = read;
      context.configured = applyConfig(read.config, command);
      context.engine ??= read.config.engine;
    });
  for (const [group, commands] of groups) {
    program.commandsGroup(group);
    for (const add of commands) add(program, context);
  }
  addOldCommands(program);
  return program;
}

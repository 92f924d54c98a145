import { Command, Option } from 'commander';
import { checkLabName, defaultLabName } from '../stack/lab-name.ts';
import { addChangeRequest } from './change-request.ts';
import { addCompare } from './compare.ts';
import { addCompletion } from './completion.ts';
import type { Context } from './context.ts';
import { addDiagnose } from './diagnose.ts';
import { addDoctor } from './doctor.ts';
import { addDown } from './down.ts';
import { addExplain } from './explain.ts';
import { addExposure } from './exposure.ts';
import { addGraph } from './graph.ts';
import { addHelp } from './help.ts';
import { addLogs } from './logs.ts';
import { addPlan } from './plan.ts';
import { addPorts } from './ports.ts';
import { addRecommend } from './recommend.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { addShell } from './shell.ts';
import { addStatus } from './status.ts';
import { addTry } from './try.ts';
import { addUp } from './up.ts';
import { labVersion } from './version.ts';
import { addWatch } from './watch.ts';

const exitStatuses = `
Exit status: 0 all as expected, 1 something differs, 2 usage or nothing ran,
3 this machine cannot run the lab, 130 interrupted, after cleaning up.`;

interface GlobalOptions {
  readonly name: string;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** The whole command line. Throws CommanderError for mistakes in it, once their message is printed. */
export function createProgram(context: Context): Command {
  const { output } = context;
  const program = new Command('ftplab');
  program
    .description('Answers: with this firewall rule set, can this client upload to that FTP server?')
    .option('--name <name>', 'which lab; labs of different names run side by side', defaultLabName)
    .addOption(new Option('--quiet', 'no progress on standard error').conflicts('verbose'))
    .option('--verbose', 'tell of every cell as it comes')
    .version(labVersion(), '--version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.document(text),
      writeErr: (text) => output.message(text.trimEnd()),
      getOutHelpWidth: () => output.style.width,
      getErrHelpWidth: () => output.style.width,
      getOutHasColors: () => output.style.color,
      getErrHasColors: () => output.style.color,
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('See "ftplab --help".')
    .addHelpText('after', exitStatuses)
    .hook('preAction', (_program, command) => {
      const { name, quiet, verbose } = command.optsWithGlobals<GlobalOptions>();
      checkLabName(name);
      context.name = name;
      output.quiet = quiet === true;
      output.verbose = verbose === true;
    });
  for (const add of [
    addRun,
    addTry,
    addWatch,
    addExplain,
    addExposure,
    addCompare,
    addRecommend,
    addChangeRequest,
    addDiagnose,
    addPorts,
    addReport,
    addUp,
    addPlan,
    addStatus,
    addShell,
    addLogs,
    addGraph,
    addDown,
    addDoctor,
    addCompletion,
    addHelp,
  ])
    add(program, context);
  return program;
}

import { type Command, InvalidArgumentError } from 'commander';
import { LabError } from '../../errors.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import type { DiagnosedServer } from '../../model/result/diagnosis.ts';
import type { PortsResult } from '../../model/result/ports.ts';
import { mostPorts, probeName, usualCount, usualPatience } from '../../model/spared-server.ts';
import { allServerNames, serverNames } from '../../network/topology.ts';
import { oneOf } from '../../one-of.ts';
import { wrap } from '../../report/text/wrap.ts';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { inView } from '../in-view.ts';
import { Live } from '../live.ts';
import { addJsonOption, checkDocuments, writeJson } from '../options/documents.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import { collect } from '../options/uploads.ts';
import { passwordVariable, readPassword } from '../password.ts';

interface DiagnoseOptions {
  readonly mode?: TransferMode[];
  readonly patience?: number;
  readonly ports?: true;
  readonly count?: number;
  readonly json?: string;
}

const mostPatience = 300;

const help = `
The command asks for the password, or takes it from the environment variable ${passwordVariable}.
It talks to the host of the URL and to nobody else. It logs in, lists, uploads two probe files under new names
(${probeName}...), reads one back and removes them; nothing else is written, read or removed.
Exit status: 0 if every tried mode uploads, 1 if one does not or a probe file could not be removed.

With --ports it transfers nothing and opens no data connection: it asks for passive ports, ten times a second at most,
and says which range they are from. SERVER may then also be one of the lab's (${serverNames.join(', ')}), asked from a
client in the lab. Exit status: 0 if the server announced ports, 1 if it announced none or the lab stopped early.`;

/** `diagnose`: the lab's attempt against a server outside it; with `--ports`, which ports a server uses for data. */
export function addDiagnose(program: Command, context: Context): void {
  const command = program
    .command('diagnose')
    .description(
      'try the uploads against a server of yours: what fails, and which scenarios fail the same way',
    )
    .argument('<server>', 'ftp://user@host[:port][/folder]')
    .option(
      '--mode <mode>',
      `only this transfer mode (may be given again): ${transferModes.join(', ')}`,
      collect('transfer mode', transferModes),
    )
    .option(
      '--patience <seconds>',
      `how long to wait for each answer (default: ${usualPatience})`,
      atMost(mostPatience),
    )
    .option('--ports', 'only ask for passive ports many times, to find the range they come from')
    .option(
      '--count <n>',
      `with --ports, how many to ask for, at most ${mostPorts} (default: ${usualCount})`,
      atMost(mostPorts),
    )
    .addHelpText('after', help)
    .action(async (server: string, options: DiagnoseOptions) => {
      const { json } = options;
      await checkDocuments(json === undefined ? {} : { json });
      if (options.ports) await ports(server, options, context);
      else await attempts(server, options, context);
    });
  addJsonOption(command);
}

async function attempts(
  url: string,
  { mode, patience, count, json }: DiagnoseOptions,
  context: Context,
): Promise<void> {
  if (count !== undefined) throw goesWith('--count', 'with --ports');
  if (isLabServer(url))
    throw new LabError(
      'usage',
      'server-of-the-lab',
      `${url} is a server of the lab`,
      `"ftplab run ${url}" tries uploads to it; "ftplab diagnose ${url} --ports" asks for its passive ports.`,
    );
  const { output, interruption } = context;
  const { style } = output;
  const { diagnose } = await import('../../trial/diagnose.ts');
  const { diagnosisText } = await import('../../report/text/diagnosis.ts');
  using live = await Live.on(output);
  let host = '';
  let current: TransferMode | undefined;
  try {
    const diagnosis = await diagnose(url, {
      password: ({ user, host }) => readPassword(user, host, context),
      modes: mode && transferModes.filter((each) => mode.includes(each)),
      patience,
      signal: interruption.signal,
      onStart: (server, modes) => {
        host = server.host;
        output.message(wrap(announcement(server, modes), style.width));
      },
      onMode: (next) => {
        current = next;
        if (!output.terminal) output.progress(`Trying ${next}`);
      },
      onConnection: ({ step, destination }) => live.waitFor(`${current}: ${step}, ${destination}`),
      onProbes: (files) => {
        interruption.leavesBehind =
          files.length === 0 ? null : `${host} may still have ${files.join(' and ')}`;
      },
    });
    await writeJson(json, diagnosis, output);
    if (json !== '-') output.result(diagnosisText(diagnosis, style));
    const uploads = diagnosis.modes.every(({ verdict }) => verdict.uploaded);
    if (!uploads || diagnosis.left.length > 0) context.status = exitStatus.differs;
  } finally {
    if (interruption.signal.aborted && interruption.leavesBehind !== null)
      output.message(interruption.leavesBehind);
  }
}

async function ports(
  server: string,
  { mode, patience, count, json }: DiagnoseOptions,
  context: Context,
): Promise<void> {
  if (mode !== undefined || patience !== undefined)
    throw goesWith(mode === undefined ? '--patience' : '--mode', 'without --ports');
  const { askLabPorts, askServerPorts } = await import('../../trial/ask-ports.ts');
  const { portsText } = await import('../../report/text/ports.ts');
  const { output, interruption } = context;
  const counted = count === undefined ? {} : { count };
  const show = async (asked: PortsResult) => {
    await writeJson(json, asked, output);
    if (json !== '-') output.result(portsText(asked, output.style));
    const { ports, failure } = asked;
    if (ports.length === 0 || failure !== null) context.status = exitStatus.differs;
  };
  if (!/[@/]/.test(server)) {
    const name = oneOf('server', server, allServerNames);
    return inView(context, {}, (view) => askLabPorts(name, { ...view, ...counted }), show);
  }
  await show(
    await askServerPorts(server, {
      ...counted,
      password: ({ user, host }) => readPassword(user, host, context),
      progress: (message) => output.progress(message),
      signal: interruption.signal,
    }),
  );
}

function isLabServer(text: string): boolean {
  return (allServerNames as readonly string[]).includes(text);
}

function goesWith(option: string, how: string): LabError {
  return new LabError('usage', 'option-not-applicable', `${option} works only ${how}`, 'Leave it out.');
}

/** Announces what will happen on somebody else's server; also with `--quiet`. */
function announcement(
  { host, address, port, user, folder, patienceMs }: DiagnosedServer,
  modes: readonly TransferMode[],
): string {
  const where = folder === '' ? 'the folder after login' : `folder ${folder}`;
  // A mode whose data connections all fail waits for one listing and two uploads.
  const seconds = (modes.length * 3 * patienceMs) / 1000;
  const name = host === address ? `${host}:${port}` : `${host} (${address}:${port})`;
  return `Talks only to ${name}, as ${user}, over ${modes.join(', ')}. Uploads 1 KiB and 1 MiB to ${where} as new files ${probeName}..., reads one back, and removes them. Waits ${patienceMs / 1000} s for each answer: about ${seconds} s in all if no data connection can be made.`;
}

/** Parses a whole number from 1 to `most`. */
function atMost(most: number): (text: string) => number {
  return (text) => {
    const value = positiveInteger(text);
    if (value > most) throw new InvalidArgumentError(`It must be at most ${most}.`);
    return value;
  };
}

import { type Command, InvalidArgumentError } from 'commander';
import { scenarios } from '../../../scenarios/index.ts';
import { diagnoseServer, probeName } from '../../attempt/diagnose-server.ts';
import { parseServerUrl, resolveServer } from '../../attempt/server-url.ts';
import { type TransferMode, transferModes } from '../../model/attempt.ts';
import { diagnosisJson, diagnosisText } from '../../report/text/diagnosis.ts';
import { wrap } from '../../report/text/wrap.ts';
import { type DiagnosedServer, type Diagnosis, diagnosisOf } from '../../verdict/diagnosis/diagnosis.ts';
import { type Context, oneOf } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { Live } from '../live.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import { passwordVariable, readPassword } from '../password.ts';

interface DiagnoseOptions {
  readonly mode?: TransferMode[];
  readonly patience: number;
  readonly json?: true;
}

/** Seconds. A TCP client that waits ten sends its SYN four times (RFC 6298: after 1, 3 and 7 s again). */
const usualPatience = 10;
const mostPatience = 300;

const help = `
The password is asked for, or taken from the environment variable ${passwordVariable}.
It talks to the host of the URL and to nobody else. It logs in, lists, uploads two probe files under new names
(${probeName}...), reads one back and removes them; nothing else is written, read or removed.
Exit status: 0 when every mode tried uploads, 1 when one does not or a probe file could not be removed.`;

/** `diagnose`: the lab's attempt against a server outside it. */
export function addDiagnose(program: Command, context: Context): void {
  program
    .command('diagnose')
    .description("make the lab's attempt against a server outside the lab, and name the lab's like cases")
    .argument('<url>', 'ftp://user@host[:port][/folder]')
    .option(
      '--mode <mode>',
      `only this transfer mode (may be given again): ${transferModes.join(', ')}`,
      modeOf,
    )
    .option('--patience <seconds>', 'how long to wait for each answer', patienceOf, usualPatience)
    .option('--json', 'the result as JSON')
    .addHelpText('after', help)
    .action(async (url: string, { mode, patience, json }: DiagnoseOptions) => {
      const server = parseServerUrl(url);
      const modes = transferModes.filter((each) => mode?.includes(each) ?? true);
      const password = await readPassword(server.user, server.host, context);
      const resolved = { ...(await resolveServer(server)), patienceMs: patience * 1000 };
      announce(resolved, modes, context);
      const diagnosis = await conduct(resolved, modes, password, context);
      if (json) context.output.document(diagnosisJson(diagnosis));
      else context.output.result(diagnosisText(diagnosis, context.output.style));
      const uploads = diagnosis.modes.every(({ verdict }) => verdict.uploaded);
      if (!uploads || diagnosis.left.length > 0) context.status = exitStatus.differs;
    });
}

async function conduct(
  server: DiagnosedServer,
  modes: readonly TransferMode[],
  password: string,
  { output, interruption }: Context,
): Promise<Diagnosis> {
  using live = await Live.on(output);
  let mode: TransferMode | undefined;
  try {
    const { tried, ...rest } = await diagnoseServer(server, {
      modes,
      password,
      signal: interruption.signal,
      onMode: (next) => {
        mode = next;
        if (!output.terminal) output.progress(`Trying ${mode}`);
      },
      onConnection: ({ step, destination }) => live.waitFor(`${mode}: ${step}, ${destination}`),
      onProbes: (files) => {
        interruption.leavesBehind =
          files.length === 0 ? null : `${server.host} may still hold ${files.join(' and ')}`;
      },
    });
    return diagnosisOf(server, tried, rest, scenarios);
  } finally {
    if (interruption.signal.aborted && interruption.leavesBehind !== null)
      output.message(interruption.leavesBehind);
  }
}

/** What is going to happen on somebody else's server, before it happens; also where progress is not wanted. */
function announce(
  { host, address, port, user, folder, patienceMs }: DiagnosedServer,
  modes: readonly TransferMode[],
  { output }: Context,
): void {
  const where = folder === '' ? 'the folder after login' : `folder ${folder}`;
  // A mode whose data connections all fail waits for a listing and two uploads.
  const seconds = (modes.length * 3 * patienceMs) / 1000;
  const name = host === address ? `${host}:${port}` : `${host} (${address}:${port})`;
  const text = `Talks to ${name} alone, as ${user}, over ${modes.join(', ')}. Uploads 1 KiB and 1 MiB to ${where} as new files ${probeName}..., reads one back, and removes them. Waits ${patienceMs / 1000} s for each answer: about ${seconds} s in all where no data connection comes about.`;
  output.message(wrap(text, output.style.width));
}

function modeOf(text: string, earlier: TransferMode[] | undefined): TransferMode[] {
  return [...(earlier ?? []), oneOf('transfer mode', text, transferModes)];
}

function patienceOf(text: string): number {
  const seconds = positiveInteger(text);
  if (seconds > mostPatience) throw new InvalidArgumentError(`It must be ${mostPatience} at most.`);
  return seconds;
}

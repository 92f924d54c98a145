import { LabError } from '../errors.ts';
import { type TransferMode, transferModes, type Way } from '../model/attempt.ts';
import { hostMeant } from '../model/names.ts';
import type { DiagnosedServer } from '../model/result/diagnosis.ts';
import { probeName } from '../model/spared-server.ts';
import { families } from '../network/family.ts';
import { allServerNames } from '../network/topology.ts';
import { calledServer, diagnosisText } from '../report/text/diagnosis.ts';
import { wrap } from '../report/text/wrap.ts';
import { diagnose } from '../trial/diagnose.ts';
import type { Context } from './context.ts';
import { exitStatus } from './exit-status.ts';
import { Live } from './live.ts';
import { deliver } from './options/documents.ts';
import { readPassword } from './password.ts';

interface DiagnosisOptions {
  readonly mode?: readonly TransferMode[];
  readonly patience?: number;
  readonly ipv4?: true;
  readonly ipv6?: true;
  readonly json?: string;
}

/** Makes the lab's attempt against a server outside the lab, and shows what it came to. */
export async function showDiagnosis(
  url: string,
  { mode, patience, ipv4, ipv6, json }: DiagnosisOptions,
  context: Context,
): Promise<void> {
  if ((allServerNames() as readonly string[]).includes(hostMeant(url, context.names)))
    throw new LabError(
      'usage',
      'server-of-the-lab',
      `${url} is a server of the lab`,
      `"ftplab run ${url}" tries uploads to it; "ftplab diagnose ${url} --ports" asks for its passive ports.`,
    );
  const { output, interruption } = context;
  const { style } = output;
  using live = await Live.on(output);
  let host = '';
  let current: Way | undefined;
  try {
    const diagnosis = await diagnose(url, {
      password: ({ user, host }) => readPassword(user, host, context),
      modes: mode && transferModes.filter((each) => mode.includes(each)),
      families: families.filter((family) => (ipv4 || ipv6 ? { ipv4, ipv6 }[family] : true)),
      patience,
      names: context.names,
      signal: interruption.signal,
      onStart: (server, ways) => {
        host = server.host;
        output.message(wrap(announcement(server, ways), style.width));
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
    await deliver(output, json, diagnosis, (own) => diagnosisText(diagnosis, own));
    const uploads = diagnosis.modes.every(({ verdict }) => verdict.uploaded);
    if (!uploads || diagnosis.left.length > 0) context.status = exitStatus.differs;
  } finally {
    if (interruption.signal.aborted && interruption.leavesBehind !== null)
      output.message(interruption.leavesBehind);
  }
}

/** Announces what will happen on somebody else's server; also with `--quiet`. */
function announcement(server: DiagnosedServer, modes: readonly Way[]): string {
  const { user, folder, patienceMs } = server;
  const where = folder === '' ? 'the folder after login' : `folder ${folder}`;
  // A mode whose data connections all fail waits for one listing and two uploads.
  const seconds = (modes.length * 3 * patienceMs) / 1000;
  return `Talks only to ${calledServer(server)}, as ${user}, over ${modes.join(', ')}. Uploads 1 KiB and 1 MiB to ${where} as new files ${probeName}..., reads one back, and removes them. Waits ${patienceMs / 1000} s for each answer: about ${seconds} s in all if no data connection can be made.`;
}

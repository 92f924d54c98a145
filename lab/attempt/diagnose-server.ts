import { randomBytes } from 'node:crypto';
import { type Removal, removeFiles } from '../agent/ftp/remove-files.ts';
import { makeAttempt, type RunningAttempt } from '../agent/make-attempt.ts';
import { type AttemptOrder, uploadName } from '../agent/protocol.ts';
import type { AttemptReport, ConnectionAttempt, TransferMode } from '../model/attempt.ts';
import type { DiagnosedServer } from '../model/result/diagnosis.ts';
import { probeName } from '../model/spared-server.ts';
import { printableData } from '../printable.ts';
import type { TriedMode } from '../verdict/diagnosis/diagnosis.ts';

export interface DiagnoseOptions {
  readonly modes: readonly TransferMode[];
  readonly password: string;
  readonly signal: AbortSignal;
  /** A mode is about to start. */
  readonly onMode: (mode: TransferMode) => void;
  readonly onConnection: (connection: ConnectionAttempt) => void;
  /** Files that the server may hold from now on; empty after they were removed. */
  readonly onProbes: (files: readonly string[]) => void;
}

/** The modes that were tried, those that were not, and the probe files that are or may be left on the server. */
export interface TriedModes {
  readonly tried: readonly TriedMode[];
  readonly notTried: readonly TransferMode[];
  readonly left: readonly string[];
}

const smallBytes = 1024;
const largeBytes = 1024 * 1024;

/**
 * Makes the lab's attempt against a server outside it, from this machine, one transfer mode after the other. After each
 * mode its probe files are removed, also if the signal aborts; then throws the signal's reason. A failed login is not
 * repeated, since that could lock accounts.
 */
export async function diagnoseServer(server: DiagnosedServer, options: DiagnoseOptions): Promise<TriedModes> {
  const tried: TriedMode[] = [];
  const left: string[] = [];
  for (const [index, mode] of options.modes.entries()) {
    options.signal.throwIfAborted();
    options.onMode(mode);
    const { attempt, remaining } = await tryMode(server, mode, options);
    tried.push(attempt);
    left.push(...remaining);
    const login = attempt.report.steps.find(({ name }) => name === 'login');
    if (login?.outcome !== 'ok') return { tried, left, notTried: options.modes.slice(index + 1) };
  }
  return { tried, left, notTried: [] };
}

async function tryMode(
  { address, port, user, folder, patienceMs }: DiagnosedServer,
  mode: TransferMode,
  { password, signal, onConnection, onProbes }: DiagnoseOptions,
): Promise<{ attempt: TriedMode; remaining: readonly string[] }> {
  const id = `${folder}${folder && '/'}${probeName}${randomBytes(8).toString('hex')}-${mode}`;
  const order: AttemptOrder = {
    id,
    driver: 'basic-ftp',
    tls: false,
    host: address,
    port,
    user,
    password,
    mode,
    smallBytes,
    largeBytes,
    retrieveFile: null,
    retrieveBytes: 0,
    patienceMs,
  };
  const probes = (['store-small', 'store-large'] as const).map((step) => uploadName(id, step));
  const connections: TriedMode['connections'][number][] = [];
  const running = makeAttempt(
    order,
    (connection) => {
      connections.push(connection);
      if (connection.purpose === 'data') onProbes(probes);
      onConnection(connection);
    },
    signal,
  );
  let report: AttemptReport;
  let removal: Removal;
  try {
    report = printableData(await running.report);
  } finally {
    removal = await removeFiles(order, sent(running, probes));
    onProbes(removal.left);
  }
  return { attempt: { mode, report, connections, held: removal.held }, remaining: removal.left };
}

/** The files whose STOR was sent; the others were never created. */
function sent({ transcript }: RunningAttempt, files: readonly string[]): string[] {
  return files.filter((file) =>
    transcript.some(({ from, text }) => from === 'client' && text === `STOR ${file}`),
  );
}

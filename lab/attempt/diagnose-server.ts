import { randomBytes } from 'node:crypto';
import { type Removal, removeFiles } from '../agent/ftp/remove-files.ts';
import { makeAttempt, type RunningAttempt } from '../agent/make-attempt.ts';
import { type AttemptOrder, uploadName } from '../agent/protocol.ts';
import { type AttemptReport, type ConnectionAttempt, partsOf, type Way } from '../model/attempt.ts';
import type { DiagnosedServer } from '../model/result/diagnosis.ts';
import { probeName } from '../model/spared-server.ts';
import { printableData } from '../printable.ts';
import type { TriedMode } from '../verdict/diagnosis/diagnosis.ts';

export interface DiagnoseOptions {
  readonly ways: readonly Way[];
  readonly password: string;
  readonly signal: AbortSignal;
  /** A mode is about to start. */
  readonly onMode: (way: Way) => void;
  readonly onConnection: (connection: ConnectionAttempt) => void;
  /** Files that the server may hold from now on; empty after they were removed. */
  readonly onProbes: (files: readonly string[]) => void;
}

/** The modes that were tried, those that were not, and the probe files that are or may be left on the server. */
export interface TriedModes {
  readonly tried: readonly TriedMode[];
  readonly notTried: readonly Way[];
  readonly left: readonly string[];
}

const smallBytes = 1024;
const largeBytes = 1024 * 1024;

/**
 * Makes the lab's attempt against a server outside it, from this machine, one transfer mode after the other. After each
 * mode its probe files are removed, also if the signal aborts; then throws the signal's reason. A failed login is not
 * repeated, since that could lock accounts; nor is a connection that failed, by the same version of IP.
 */
export async function diagnoseServer(server: DiagnosedServer, options: DiagnoseOptions): Promise<TriedModes> {
  const tried: TriedMode[] = [];
  const left: string[] = [];
  const notTried: Way[] = [];
  for (const way of options.ways) {
    options.signal.throwIfAborted();
    const { ipv6 } = partsOf(way);
    if (tried.some((one) => isLoginFailed(one) || (one.ipv6 === ipv6 && !isLoggedIn(one)))) {
      notTried.push(way);
      continue;
    }
    options.onMode(way);
    const { attempt, remaining } = await tryWay(server, way, options);
    tried.push(attempt);
    left.push(...remaining);
  }
  return { tried, left, notTried };
}

function isLoggedIn({ report }: TriedMode): boolean {
  return report.steps.some(({ name, outcome }) => name === 'login' && outcome === 'ok');
}

function isLoginFailed({ report }: TriedMode): boolean {
  return report.steps.some(({ name, outcome }) => name === 'login' && outcome === 'failed');
}

async function tryWay(
  { address, address6 = address, port, user, folder, patienceMs }: DiagnosedServer,
  way: Way,
  { password, signal, onConnection, onProbes }: DiagnoseOptions,
): Promise<{ attempt: TriedMode; remaining: readonly string[] }> {
  const { mode, ipv6 } = partsOf(way);
  const id = `${folder}${folder && '/'}${probeName}${randomBytes(8).toString('hex')}-${mode}`;
  const order: AttemptOrder = {
    id,
    driver: 'basic-ftp',
    tls: false,
    host: ipv6 ? address6 : address,
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
  return {
    attempt: { mode, ...(ipv6 && { ipv6 }), report, connections, held: removal.held },
    remaining: removal.left,
  };
}

/** The files whose STOR was sent; the others were never created. */
function sent({ transcript }: RunningAttempt, files: readonly string[]): string[] {
  return files.filter((file) =>
    transcript.some(({ from, text }) => from === 'client' && text === `STOR ${file}`),
  );
}

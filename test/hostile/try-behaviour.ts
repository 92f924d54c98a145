import { diagnoseServer } from '../../lab/attempt/diagnose-server.ts';
import type { TransferMode } from '../../lab/model/attempt.ts';
import type { DiagnosedServer, Diagnosis } from '../../lab/model/result/diagnosis.ts';
import { diagnosisOf } from '../../lab/verdict/diagnosis/diagnosis.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { Behaviour } from './behaviour.ts';
import { HostileServer } from './server.ts';

/** The password of every try. */
export const password = 'hunter2secret';

export interface Tried {
  readonly diagnosis: Diagnosis;
  /** How the deciding step failed, or `uploaded`. */
  readonly found: string;
  readonly ms: number;
}

/** Has `diagnose` try a server that behaves so, in one transfer mode. */
export async function tryBehaviour(behaviour: Behaviour, patienceMs: number): Promise<Tried> {
  await using server = await HostileServer.start(behaviour, patienceMs / 5);
  return await tryServer(server.port, behaviour.mode, patienceMs);
}

/** Has `diagnose` try the server at this port of loopback, in one transfer mode. */
export async function tryServer(
  port: number,
  mode: TransferMode | undefined,
  patienceMs: number,
): Promise<Tried> {
  const host = 'files.example';
  const target: DiagnosedServer = { host, address: '127.0.0.1', port, user: 'bob', folder: '', patienceMs };
  const started = performance.now();
  const { tried, ...rest } = await diagnoseServer(target, {
    ways: [mode ?? 'pasv'],
    password,
    signal: new AbortController().signal,
    onMode: () => undefined,
    onConnection: () => undefined,
    onProbes: () => undefined,
  });
  const ms = performance.now() - started;
  const diagnosis = diagnosisOf(target, tried, rest, scenarios);
  const [of] = diagnosis.modes;
  const failure = of?.steps.find(({ name }) => name === of.verdict.failedAt)?.failure;
  return { diagnosis, found: of?.verdict.uploaded ? 'uploaded' : String(failure), ms };
}

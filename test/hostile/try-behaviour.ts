import { diagnoseServer } from '../../lab/attempt/diagnose-server.ts';
import type { DiagnosedServer, Diagnosis } from '../../lab/model/result/diagnosis.ts';
import { diagnosisOf } from '../../lab/verdict/diagnosis/diagnosis.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { Behaviour } from './behaviour.ts';
import { HostileServer } from './server.ts';
import type { Listening } from './server-process.ts';

/** The password of every try. */
export const password = 'hunter2secret';

export interface Tried {
  readonly diagnosis: Diagnosis;
  /** How the deciding step failed, or `uploaded`. */
  readonly found: string;
  readonly ms: number;
}

/** Has `diagnose` try a server that behaves so, in one transfer mode; `start` starts it, by default in this process. */
export async function tryBehaviour(
  behaviour: Behaviour,
  patienceMs: number,
  start: (behaviour: Behaviour, tickMs: number) => Promise<Listening> = HostileServer.start,
): Promise<Tried> {
  await using server = await start(behaviour, patienceMs / 5);
  const { port } = server;
  const host = 'files.example';
  const target: DiagnosedServer = { host, address: '127.0.0.1', port, user: 'bob', folder: '', patienceMs };
  const started = performance.now();
  const { tried, ...rest } = await diagnoseServer(target, {
    modes: [behaviour.mode ?? 'pasv'],
    password,
    signal: new AbortController().signal,
    onMode: () => undefined,
    onConnection: () => undefined,
    onProbes: () => undefined,
  });
  const ms = performance.now() - started;
  const diagnosis = diagnosisOf(target, tried, rest, scenarios);
  const [mode] = diagnosis.modes;
  const failure = mode?.steps.find(({ name }) => name === mode.verdict.failedAt)?.failure;
  return { diagnosis, found: mode?.verdict.uploaded ? 'uploaded' : String(failure), ms };
}

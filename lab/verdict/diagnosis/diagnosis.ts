import {
  type AnnouncedConnection,
  type AttemptReport,
  type FailureKind,
  type ObservedStep,
  type TransferMode,
  wayOf,
} from '../../model/attempt.ts';
import { type Evidence, stepStartsOf } from '../../model/evidence.ts';
import type { DiagnosedServer, Diagnosis, ModeDiagnosis } from '../../model/result/diagnosis.ts';
import type { Scenario } from '../../model/scenario.ts';
import { leftBehind, stepsThatUploadsNeed } from '../judge.ts';
import { type ObservedMode, sameSignature } from './same-signature.ts';
import { tellApart } from './tell-apart.ts';
import { possibleCauses } from './unseen-firewalls.ts';
import { whatIsKnown } from './what-is-known.ts';

/** One tried transfer mode. */
export interface TriedMode {
  readonly mode: TransferMode;
  readonly ipv6?: true;
  readonly report: AttemptReport;
  readonly connections: readonly AnnouncedConnection[];
  /** How many bytes the server held under each name that was stored; `null` for no file. Default: nobody looked. */
  readonly held?: ReadonlyMap<string, number | null>;
}

/** Judges the attempts without a view of any firewall, and finds the scenarios that fail the same way. */
export function diagnosisOf(
  server: DiagnosedServer,
  tried: readonly TriedMode[],
  rest: Pick<Diagnosis, 'notTried' | 'left'>,
  scenarios: readonly Scenario[],
): Diagnosis {
  const modes = tried.map((each) => modeDiagnosis(server, each));
  const observed = modes.map(observedMode);
  const same = sameSignature(observed, scenarios);
  return { server, modes, ...rest, scenarios: same, apart: tellApart(same, observed) };
}

function modeDiagnosis(server: DiagnosedServer, tried: TriedMode): ModeDiagnosis {
  const { host, address, address6 = address, port, patienceMs } = server;
  const { mode, ipv6, report, connections, held } = tried;
  const steps = withReadBack(report.steps);
  const evidence: Evidence = {
    startedAt: report.startedAt,
    firewalls: [],
    stepStarts: stepStartsOf(steps),
    transcript: report.transcript,
    connections: connections.map((connection) => ({ ...connection, packets: [] })),
    traceComplete: false,
    files: {},
  };
  const cell = {
    client: 'this machine',
    server: host,
    mode,
    driver: 'basic-ftp',
    tls: false,
    ...(ipv6 && { ipv6 }),
  } as const;
  const possible = possibleCauses({ cell, steps, evidence });
  const [only = 'inconclusive'] = possible;
  const failed = steps.find(({ name, outcome }) => outcome !== 'ok' && stepsThatUploadsNeed.includes(name));
  const shown = failed && plainest(failed, steps);
  const knowledge = whatIsKnown(
    shown,
    { ...report, steps },
    { mode, server: host, address: ipv6 ? address6 : address, port, patienceMs },
  );
  return {
    mode,
    ...(ipv6 && { ipv6 }),
    steps,
    verdict: {
      uploaded: failed === undefined,
      failedAt: failed?.name ?? null,
      cause: possible.length === 1 ? only : 'inconclusive',
      firewall: null,
      rule: null,
      packet: null,
      ...leftBehind(failed, (file) => held?.get(file)),
      sentence: knowledge.known,
    },
    possible: possible.filter((cause) => cause !== 'inconclusive'),
    ...knowledge,
    shownBy: shown?.name ?? null,
    evidence,
  };
}

/** Failures to get any data connection, for which a listing and an upload are alike. */
const dataFailures: readonly (FailureKind | null)[] = [
  'data-unanswered',
  'data-refused',
  'data-command-refused',
  'address-refused-by-client',
];

/** The first step that failed like the deciding one, before anything had to be retried. */
function plainest(failed: ObservedStep, steps: readonly ObservedStep[]): ObservedStep {
  const alike = dataFailures.includes(failed.failure)
    ? steps.find(({ failure }) => failure === failed.failure)
    : undefined;
  return alike ?? failed;
}

/** The file read back shows what the server holds: if it differs, the upload has failed. */
function withReadBack(steps: readonly ObservedStep[]): ObservedStep[] {
  const retrieve = steps.find(({ name }) => name === 'retrieve');
  const stored = steps.findLast(({ name, outcome }) => name.startsWith('store') && outcome === 'ok');
  if (retrieve?.failure !== 'content-mismatch' || !stored) return [...steps];
  const { outcome, failure, reply } = retrieve;
  return steps.map((step) => (step === stored ? { ...step, outcome, failure, reply } : step));
}

function observedMode({ mode, ipv6, verdict, steps, possible }: ModeDiagnosis): ObservedMode {
  return {
    way: wayOf({ mode, ipv6 }),
    uploaded: verdict.uploaded,
    failedAt: verdict.failedAt,
    steps,
    possible,
  };
}

import type {
  AnnouncedConnection,
  AttemptReport,
  FailureKind,
  ObservedStep,
  StepName,
  TransferMode,
} from '../../model/attempt.ts';
import type { Cause } from '../../model/cause.ts';
import type { Verdict } from '../../model/cell.ts';
import { type Evidence, stepStartsOf } from '../../model/evidence.ts';
import type { Scenario } from '../../model/scenario.ts';
import { stepsThatUploadsNeed } from '../judge.ts';
import { type ObservedMode, type SameSignature, sameSignature } from './same-signature.ts';
import { type Telling, tellApart } from './tell-apart.ts';
import { possibleCauses } from './unseen-firewalls.ts';
import { whatIsKnown } from './what-is-known.ts';

/** Who was tried, and how patiently. */
export interface DiagnosedServer {
  readonly host: string;
  /** IPv4 address of the host, the only one that was talked to. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Folder of the uploads; '' is the one after login. */
  readonly folder: string;
  readonly patienceMs: number;
}

/** One transfer mode, as it was tried. */
export interface TriedMode {
  readonly mode: TransferMode;
  readonly report: AttemptReport;
  readonly connections: readonly AnnouncedConnection[];
}

/** What one transfer mode came to. */
export interface ModeDiagnosis {
  readonly mode: TransferMode;
  readonly steps: readonly ObservedStep[];
  /** `cause` is proven, or `inconclusive`; no firewall is ever named. */
  readonly verdict: Verdict;
  /** Every cause that what was seen leaves possible. */
  readonly possible: readonly Cause[];
  readonly known: string;
  readonly open: string;
  /** The step that `known` is about: the first that failed in the way that decided; `null` where nothing failed. */
  readonly shownBy: StepName | null;
  /** Without packets: nobody looked into a firewall. */
  readonly evidence: Evidence;
}

/** What a server outside the lab came to; also the document that `diagnose --json` writes. */
export interface Diagnosis {
  readonly version: 1;
  readonly server: DiagnosedServer;
  readonly modes: readonly ModeDiagnosis[];
  /** Modes left out, since the login is the same in all of them and failed. */
  readonly notTried: readonly TransferMode[];
  /** Probe files that are, or may be, still on the server. */
  readonly left: readonly string[];
  readonly scenarios: readonly SameSignature[];
  readonly apart: readonly Telling[];
}

/** Judges what was tried, without a view of any firewall, and finds the scenarios with the same signature. Pure. */
export function diagnosisOf(
  server: DiagnosedServer,
  tried: readonly TriedMode[],
  rest: Pick<Diagnosis, 'notTried' | 'left'>,
  scenarios: readonly Scenario[],
): Diagnosis {
  const modes = tried.map((each) => modeDiagnosis(server, each));
  const observed = modes.map(observedMode);
  const same = sameSignature(observed, scenarios);
  return { version: 1, server, modes, ...rest, scenarios: same, apart: tellApart(same, observed) };
}

function modeDiagnosis(server: DiagnosedServer, tried: TriedMode): ModeDiagnosis {
  const { host, address, port, patienceMs } = server;
  const { mode, report, connections } = tried;
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
  const cell = { client: 'this machine', server: host, mode, driver: 'basic-ftp', tls: false } as const;
  const possible = possibleCauses({ cell, steps, evidence });
  const [only = 'inconclusive'] = possible;
  const failed = steps.find(({ name, outcome }) => outcome !== 'ok' && stepsThatUploadsNeed.includes(name));
  const shown = failed && plainest(failed, steps);
  const knowledge = whatIsKnown(
    shown,
    { ...report, steps },
    { mode, server: host, address, port, patienceMs },
  );
  return {
    mode,
    steps,
    verdict: {
      uploaded: failed === undefined,
      failedAt: failed?.name ?? null,
      cause: possible.length === 1 ? only : 'inconclusive',
      firewall: null,
      rule: null,
      packet: null,
      sentence: knowledge.known,
    },
    possible: possible.filter((cause) => cause !== 'inconclusive'),
    ...knowledge,
    shownBy: shown?.name ?? null,
    evidence,
  };
}

/** Failures to get a data connection at all, in which a listing and an upload are alike. */
const dataFailures: readonly (FailureKind | null)[] = [
  'data-unanswered',
  'data-refused',
  'data-command-refused',
  'address-refused-by-client',
];

/** The first step that failed as the deciding one did, before anything had to be tried again. */
function plainest(failed: ObservedStep, steps: readonly ObservedStep[]): ObservedStep {
  const alike = dataFailures.includes(failed.failure)
    ? steps.find(({ failure }) => failure === failed.failure)
    : undefined;
  return alike ?? failed;
}

/** What came back of an upload tells what the server holds: where that is something else, the upload has failed. */
function withReadBack(steps: readonly ObservedStep[]): ObservedStep[] {
  const retrieve = steps.find(({ name }) => name === 'retrieve');
  const stored = steps.findLast(({ name, outcome }) => name.startsWith('store') && outcome === 'ok');
  if (retrieve?.failure !== 'content-mismatch' || !stored) return [...steps];
  const { outcome, failure, reply } = retrieve;
  return steps.map((step) => (step === stored ? { ...step, outcome, failure, reply } : step));
}

function observedMode({ mode, verdict, steps, possible }: ModeDiagnosis): ObservedMode {
  return { mode, uploaded: verdict.uploaded, failedAt: verdict.failedAt, steps, possible };
}

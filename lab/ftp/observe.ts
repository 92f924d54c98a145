import { type Ends, portOf } from '../firewall/endpoints.ts';
import { type RefusalWatch, refuses, spoils } from '../firewall/refusal-watch.ts';
import { type FirewallName, ftpAccount } from '../network/topology.ts';
import type { Attempt } from '../verdict/cell.ts';
import type { Evidence, StepTrace } from '../verdict/judge.ts';
import type { AgentConnection } from './agent-connection.ts';
import {
  type AttemptOrder,
  type AttemptReport,
  type ConnectionAttempt,
  type ObservedStep,
  uploadName,
} from './attempt.ts';

/** Who takes part in an attempt. */
export interface Participants {
  readonly client: AgentConnection;
  readonly server: AgentConnection;
  /** The firewalls on the way. */
  readonly firewalls: readonly { readonly name: FirewallName; readonly agent: AgentConnection }[];
  readonly ends: Ends;
  readonly watch: RefusalWatch;
}

/**
 * Has an attempt made and gathers the evidence: the client's report, what the firewalls refused of its connections, and
 * what the server holds afterwards. With `dropsAreFinal`, the client stops waiting as soon as a firewall's trace shows
 * that a connection attempt was dropped.
 */
export async function observeAttempt(
  participants: Participants,
  cell: Attempt,
  order: AttemptOrder,
  dropsAreFinal: boolean,
): Promise<Evidence> {
  const { client, server, ends, watch } = participants;
  const controls: ConnectionAttempt[] = [];
  const listening: (() => void)[] = [];
  const lossesBefore = watch.losses;
  const report = await client.attempt(order, (connection, stopWaiting) => {
    if (connection.purpose === 'control') controls.push(connection);
    if (!dropsAreFinal) return;
    const stopListening = watch.find(refuses(connection, ends), ({ packet }) => {
      if (packet.decision.action === 'drop') stopWaiting();
    });
    listening.push(stopListening);
  });
  for (const stop of listening) stop();

  const failed = report.steps.filter((step) => step.outcome === 'failed');
  const traceComplete =
    failed.length === 0 || ((await tracesUpToDate(participants)) && watch.losses === lossesBefore);
  const findings = failed.map((step) => [step.name, traceOf(step, controls, participants)] as const);
  const ports = portsCalledInVain(report);
  if (ports.length > 0) await server.abandon(ports);
  const files = await filesOnServer(server, report, order);
  return { cell, report, traces: Object.fromEntries(findings), traceComplete, files };
}

/** What the firewalls' traces say of the connection, or the command, that a step failed with. */
function traceOf(
  step: ObservedStep,
  controls: readonly ConnectionAttempt[],
  { ends, firewalls, watch }: Participants,
): StepTrace {
  if (step.failure === 'command-refused' || step.failure === 'tls-refused') {
    const refusal = watch.known((known) => controls.some((control) => spoils(control, ends)(known)));
    return { refusal, forwarded: false };
  }
  const { connection } = step;
  if (!connection) return { refusal: undefined, forwarded: false };
  return {
    refusal: watch.known(refuses(connection, ends)),
    forwarded: firewalls.every(({ name }) => watch.forwarded(name, connection, ends)),
  };
}

/** Waits until the traces on the way tell of everything that has happened; false where one does not in time. */
async function tracesUpToDate({ firewalls, watch }: Participants): Promise<boolean> {
  const upToDate = await Promise.all(
    firewalls.map(({ name, agent }) => watch.upToDate(name, (bookmark) => agent.bookmark(bookmark))),
  );
  return upToDate.every(Boolean);
}

/** Ports of the client that the server may still be calling. */
function portsCalledInVain({ steps }: AttemptReport): number[] {
  return steps.flatMap(({ outcome, connection }) =>
    outcome === 'failed' && connection?.openedBy === 'server' ? [Number(portOf(connection.destination))] : [],
  );
}

/** Digests of what the attempt left on the server, by file name; the files are removed, also half-written ones. */
async function filesOnServer(
  server: AgentConnection,
  report: AttemptReport,
  order: AttemptOrder,
): Promise<Evidence['files']> {
  const tried = report.steps.some((step) => step.name.startsWith('store') && step.outcome !== 'skipped');
  if (!tried) return {};
  const names = [uploadName(order.id, 'store-small'), uploadName(order.id, 'store-large')];
  const digests = await server.digest(ftpAccount.home, names);
  return Object.fromEntries(names.map((name, index) => [name, digests[index] ?? null]));
}

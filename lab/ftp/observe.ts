import { type Ends, portOf } from '../firewall/endpoints.ts';
import { type Refusal, type RefusalWatch, refuses, spoils } from '../firewall/refusal-watch.ts';
import { ftpAccount } from '../network/topology.ts';
import type { CellKey } from '../verdict/cell.ts';
import type { Evidence } from '../verdict/judge.ts';
import type { AgentConnection } from './agent-connection.ts';
import {
  type AttemptOrder,
  type AttemptReport,
  type ConnectionAttempt,
  type StepName,
  uploadName,
} from './attempt.ts';

/** Who takes part in an attempt. */
export interface Participants {
  readonly ends: Ends;
  readonly client: AgentConnection;
  readonly server: AgentConnection;
  readonly watch: RefusalWatch;
}

/**
 * Has an attempt made and gathers the evidence: the client's report, what the firewalls refused of its connections, and
 * what the server holds afterwards. With `dropsAreFinal`, the client stops waiting as soon as a firewall's trace shows
 * that a connection attempt was dropped.
 */
export async function observeAttempt(
  { ends, client, server, watch }: Participants,
  cell: Omit<CellKey, 'ruleSet'>,
  order: AttemptOrder,
  dropsAreFinal: boolean,
): Promise<Evidence> {
  const refusals: Partial<Record<StepName, Refusal>> = {};
  const controls: ConnectionAttempt[] = [];
  const listening: (() => void)[] = [];
  const report = await client.attempt(order, (connection, stopWaiting) => {
    if (connection.purpose === 'control') controls.push(connection);
    const stopListening = watch.find(refuses(connection, ends), (refusal) => {
      refusals[connection.step] ??= refusal;
      if (dropsAreFinal && refusal.packet.decision.action === 'drop') stopWaiting();
    });
    listening.push(stopListening);
  });
  for (const stop of listening) stop();

  // A rejected client knows before the trace does, and a refused command never has a connection of its own.
  await Promise.all(
    report.steps.map(async (step) => {
      if (step.outcome !== 'failed' || refusals[step.name]) return;
      const late =
        step.failure === 'command-refused'
          ? await watch.settled((refusal) => controls.some((control) => spoils(control, ends)(refusal)))
          : step.connection && (await watch.settled(refuses(step.connection, ends)));
      if (late) refusals[step.name] = late;
    }),
  );
  const ports = portsCalledInVain(report);
  if (ports.length > 0) await server.abandon(ports);
  return { cell, report, refusals, files: await filesOnServer(server, report, order) };
}

/** Ports of the client that the server may still be calling. */
function portsCalledInVain({ steps }: AttemptReport): number[] {
  return steps.flatMap(({ outcome, connection }) =>
    outcome === 'failed' && connection?.openedBy === 'server' ? [Number(portOf(connection.destination))] : [],
  );
}

/** Digests of what the attempt left on the server, by file name; the files are removed, also half-written ones. */
async function filesOnServer(server: AgentConnection, report: AttemptReport, order: AttemptOrder) {
  const tried = report.steps.some((step) => step.name.startsWith('store') && step.outcome !== 'skipped');
  if (!tried) return {};
  const names = [uploadName(order.id, 'store-small'), uploadName(order.id, 'store-large')];
  const digests = await server.digest(ftpAccount.home, names);
  return Object.fromEntries(names.map((name, index) => [name, digests[index] ?? null]));
}

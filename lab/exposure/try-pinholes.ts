import { LabError } from '../errors.ts';
import type { Way } from '../model/exposure.ts';
import {
  namedEndpoint,
  type PinholeOutcome,
  type PinholeRequest,
  type PinholeTest,
  pinholeRequests,
  requestLine,
  requestsOver,
} from '../model/pinhole.ts';
import { addressIn } from '../network/address-plan.ts';
import {
  type ClientName,
  endNames,
  type FirewallName,
  firewallNames,
  firewallsFrom,
  type MachineName,
  placeOf,
  type ServerName,
  subnetNames,
  subnetsBehind,
} from '../network/topology.ts';
import { arrival, arrivesWithinMs } from './arrival.ts';
import { representativeOf } from './lines.ts';
import type { Prober } from './prober.ts';
import { encode, flags } from './segment.ts';

/** A host number that no host in X and Y has. */
const nobody = 99;

/** One request with its ends. Each has its own `low` and `high` ports, so that tests do not interfere. */
interface Trial {
  readonly request: PinholeRequest;
  readonly firewall: FirewallName;
  readonly outbound: Way;
  readonly inbound: Way;
  readonly sourcePort: number;
  readonly named: { readonly address: string; readonly port: number };
}

/**
 * For every request of {@link requestsOver} and each firewall: opens a control connection, sends the line, and
 * probes the endpoint that the line names, before and after. The connections consist of packets that the hosts' own
 * kernels do not see; the firewalls track them like any other. Throws LabError `probes-lost` if a packet got lost.
 */
export async function tryPinholes(
  prober: Prober,
  controlAllowed: (firewall: FirewallName) => boolean,
): Promise<PinholeTest[]> {
  const trials = await Promise.all(
    firewallNames().map((firewall, at) => trialsThrough(prober, firewall, at)),
  );
  const reachableBefore = await probeAll(prober, trials.flat(), () => undefined);
  await prober.flush(firewallNames());
  const said = new Map<Trial, string | undefined>();
  await Promise.all(
    trials.flat().map(async (trial) => {
      if (controlAllowed(trial.firewall)) said.set(trial, await holdConnection(prober, trial));
    }),
  );
  const reachableAfter = await probeAll(prober, trials.flat(), (trial) => said.get(trial));
  await prober.flush(firewallNames());
  return trials.flat().map((trial): PinholeTest => {
    const { firewall, request, outbound, inbound } = trial;
    const outcome: PinholeOutcome = !said.has(trial)
      ? 'no control connection'
      : reachableBefore.has(trial)
        ? 'open anyway'
        : reachableAfter.has(trial)
          ? 'opens'
          : 'closed';
    const over = prober.family === 'ipv6' ? ({ ipv6: true } as const) : {};
    return { ...request, ...over, firewall, client: outbound.from, server: inbound.from, outcome };
  });
}

async function trialsThrough(prober: Prober, firewall: FirewallName, at: number): Promise<Trial[]> {
  const ends = endsThrough(firewall);
  if (ends === undefined) return [];
  const { client, server } = ends;
  const [subnet, outside] = [placeOf(client).subnet, placeOf(server).subnet];
  const beside = addressIn(prober.plan, subnet, nobody, prober.family);
  // Nobody has the address, so packets for it are sent to the client, whose prober sees them.
  await prober.introduceAs(firewall, beside, client);
  const outbound: Way = { from: client, to: server, networks: [subnet, outside], firewalls: [firewall] };
  const inbound: Way = { from: server, to: client, networks: [outside, subnet], firewalls: [firewall] };
  const third = prober.addressOf(besideServer(server));
  return requestsOver(prober.family).map((request, index) => {
    const byClient = request.command === 'PORT' || request.command === 'EPRT';
    const self = prober.addressOf(byClient ? client : server);
    const address = request.names === 'itself' ? self : byClient ? beside : third;
    const number = at * pinholeRequests.length + index;
    const port = request.port === 'high' ? 42000 + number : 700 + number;
    return { request, firewall, outbound, inbound, sourcePort: 41000 + number, named: { address, port } };
  });
}

/** Ends of a connection that crosses no firewall but this one, from inside; `undefined` if no two hosts have one. */
export function endsThrough(
  firewall: FirewallName,
): { readonly client: MachineName; readonly server: MachineName } | undefined {
  const behind = subnetsBehind(firewall);
  const networks = subnetNames().filter((subnet) => representativeOf(subnet) !== undefined);
  for (const from of networks.filter((subnet) => behind.includes(subnet)))
    for (const to of networks.filter((subnet) => !behind.includes(subnet))) {
      const [client, server] = [representativeOf(from), representativeOf(to)];
      if (client && server && firewallsFrom(from, to).join() === firewall) return { client, server };
    }
  return undefined;
}

/** A host beside the server, or else the server itself. */
function besideServer(server: MachineName): ClientName | ServerName {
  const { subnet } = placeOf(server);
  return endNames().find((host) => host !== server && placeOf(host).subnet === subnet) ?? server;
}

/**
 * A control connection up to the line that names an endpoint. Returns the line as the other side received it, or
 * `undefined` if it did not arrive.
 */
async function holdConnection(prober: Prober, trial: Trial): Promise<string | undefined> {
  const { outbound, inbound, sourcePort, request, named } = trial;
  const client = prober.addressOf(outbound.from);
  const server = prober.addressOf(inbound.from);
  /** Where the server must send its answers: under NAT, the firewall's address. */
  let seen = { address: client, port: sourcePort };
  const next = { client: 0, server: 0 };
  const fromClient = async (control: number, text = '') => {
    const segment = { source: client, destination: server, sourcePort, port: 21, flags: control, text };
    const sent = { ...segment, sequence: next.client, acknowledged: next.server, pass: prober.nextPass() };
    const got = await arrival(prober, outbound, sent);
    next.client += text.length + (control & flags.syn ? 1 : 0);
    return got;
  };
  const fromServer = async (control: number, text = '') => {
    const segment = { source: server, destination: seen.address, sourcePort: 21, port: seen.port };
    const numbers = { sequence: next.server, acknowledged: next.client, pass: prober.nextPass() };
    const got = await arrival(prober, inbound, { ...segment, ...numbers, flags: control, text });
    next.server += text.length + (control & flags.syn ? 1 : 0);
    return got;
  };
  const lost = () =>
    new LabError(
      'environment',
      'probes-lost',
      `A control connection from ${outbound.from} to ${inbound.from} could not be opened, although ${trial.firewall} lets port 21 pass`,
      'The machine may be too busy. Nothing is known about what the FTP filter there opens.',
    );
  const syn = await fromClient(flags.syn);
  if (!syn) throw lost();
  seen = { address: syn.segment.source, port: syn.segment.sourcePort };
  if (!(await fromServer(flags.syn | flags.ack))) throw lost();
  await fromClient(flags.ack);
  // The kernel's helper parses a line only if it saw the end of the line before it (nf_conntrack_ftp.c).
  if (!(await fromServer(flags.ack | flags.push, '220 lab\r\n'))) throw lost();
  if (!(await fromClient(flags.ack | flags.push, 'USER lab\r\n'))) throw lost();
  const line = `${requestLine(request.command, named.address, named.port)}\r\n`;
  const speak = request.command === 'PORT' || request.command === 'EPRT' ? fromClient : fromServer;
  return (await speak(flags.ack | flags.push, line))?.segment.text;
}

/**
 * Probes the endpoint that each trial names, from the side that would open the data connection; returns those that were
 * reached.
 */
async function probeAll(
  prober: Prober,
  trials: readonly Trial[],
  said: (trial: Trial) => string | undefined,
): Promise<Set<Trial>> {
  const passes = new Map<number, Trial>();
  for (const trial of trials) {
    const { request, named, outbound, inbound, sourcePort } = trial;
    const byServer = request.command === 'PORT' || request.command === 'EPRT';
    const line = byServer ? inbound : outbound;
    const { address, port } = namedEndpoint(said(trial) ?? '') ?? named;
    const pass = prober.nextPass();
    passes.set(pass, trial);
    const ends = { source: prober.addressOf(line.from), destination: address ?? named.address };
    const ports = { sourcePort: byServer ? 20 : sourcePort + 5000, port };
    await prober.inject(
      line,
      encode({ ...ends, ...ports, pass, sequence: 0, acknowledged: 0, flags: flags.syn, text: '' }),
    );
  }
  const deadline = performance.now() + arrivesWithinMs;
  for (;;) {
    const { entered, left } = await prober.read();
    const all = [...passes].every(([pass, { firewall }]) => (entered.get(firewall)?.get(pass) ?? 0) > 0);
    if (all)
      return new Set([...passes].flatMap(([pass, trial]) => ((left.get(pass) ?? 0) > 0 ? [trial] : [])));
    if (performance.now() > deadline)
      throw new LabError(
        'environment',
        'probes-lost',
        'Probes of the FTP filter were lost before they reached a firewall',
        'The machine may be too busy; try again.',
      );
  }
}

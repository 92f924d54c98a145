import { openRules } from '../../scenarios/network-controls.ts';
import { askPorts } from '../agent/ftp/ask-ports.ts';
import { parseServerUrl, resolveServer } from '../attempt/server-url.ts';
import { endpointOf } from '../model/endpoint.ts';
import { called } from '../model/names.ts';
import { headed } from '../model/origin.ts';
import type { PortsOrder } from '../model/passive-ports.ts';
import type { PortsResult } from '../model/result/ports.ts';
import { usualCount } from '../model/spared-server.ts';
import { addressOf } from '../network/address-plan.ts';
import {
  type ClientName,
  clientNames,
  guardOf,
  machineNamed,
  machineOf,
  placeOf,
  portOf,
  type ServerName,
} from '../network/topology.ts';
import { portsFound } from '../verdict/diagnosis/port-sample.ts';
import { type Password, passwordOf } from './diagnose.ts';
import { type Conditions, inLab } from './in-lab.ts';
import { originIn, originOf } from './origin-of.ts';

/** The lab asks somebody else's server at most ten times per second. */
const pauseMs = 100;
const patienceMs = 30_000;

export interface ServerPortsRequest {
  readonly password: Password;
  readonly count?: number;
  readonly progress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Asks a server outside the lab, `ftp://user@host[:port]`, for passive ports many times, from this machine. Throws
 * LabError.
 */
export async function askServerPorts(
  url: string,
  { password, count = usualCount, progress, signal }: ServerPortsRequest,
): Promise<PortsResult> {
  const server = parseServerUrl(url);
  const { host, port, user } = server;
  const known = await passwordOf(server, password);
  const { addresses } = await resolveServer(server);
  const address = addresses.ipv4 ?? addresses.ipv6 ?? host;
  const seconds = Math.ceil((count * pauseMs) / 1000);
  progress?.(
    `Asking ${host} (${endpointOf(address, port)}) as ${user} for ${count} passive ports, which takes about ${seconds} s`,
  );
  const order: PortsOrder = { host: address, port, user, password: known, count, pauseMs, patienceMs };
  const report = await askPorts(order, signal);
  return { ...headed('ports', originOf(null)), ...portsFound({ server: host, address, port, report }) };
}

/** Asks a server of the lab in the same way, from a client in the lab. Throws LabError, or the signal's reason. */
export async function askLabPorts(
  server: ServerName,
  { count = usualCount, ...conditions }: Conditions & { readonly count?: number } = {},
): Promise<PortsResult> {
  const { result } = await inLab(conditions, async (lab) => {
    const { names } = lab;
    await lab.load(openRules());
    const client = askerOf(server);
    conditions.progress?.(
      `Asking ${called(server, names)} from ${called(client, names)} for ${count} passive ports`,
    );
    const report = await lab.askPorts(client, server, count);
    const asked = {
      server: called(server, names),
      address: addressOf(lab.plan, server),
      port: portOf(server),
      report,
    };
    return { ...headed('ports', originIn(lab)), ...portsFound(asked) };
  });
  return result;
}

/** The client that asks a server: one in another subnet, or else any. */
function askerOf(server: ServerName): ClientName {
  const { subnet } = placeOf(server);
  const clients = clientNames().filter(
    (client) => client !== machineOf(server) && machineNamed(client).image === 'client',
  );
  const client =
    clients.findLast((one) => placeOf(one).subnet !== subnet && guardOf(one) !== undefined) ?? clients[0];
  if (client === undefined) throw new Error('The network has no client');
  return client;
}

import { setTimeout as pause } from 'node:timers/promises';
import { type Client, FTPError } from 'basic-ftp';
import type { PassiveCommand, PassivePort, PortsOrder, PortsReport } from '../../model/passive-ports.ts';
import { commaAddress, extendedPort } from './data-address.ts';
import { GuardedClient } from './guarded-client.ts';

/**
 * Questions in one session. A server closes the port of the last PASV when the next one comes, and all of them when the
 * session ends. If it does not, at most these many stay open.
 */
const questionsInSession = 50;

/** How many sessions may break off before it gives up. */
const breaksAllowed = 3;

/**
 * Asks a server for passive ports, by PASV and EPSV in turn, without connecting to any. Refusals and an early end are part of
 * the report. Throws the signal's reason once it aborts.
 */
export async function askPorts(order: PortsOrder, signal?: AbortSignal): Promise<PortsReport> {
  const ports: PassivePort[] = [];
  const refused: PortsReport['refused'][number][] = [];
  let commands: PassiveCommand[] = ['PASV', 'EPSV'];
  const askSome = async (client: Client): Promise<void> => {
    await client.connect(order.host, order.port);
    await client.login(order.user, order.password);
    const until = Math.min(order.count, ports.length + questionsInSession);
    for (let turn = 0; ports.length < until && commands.length > 0; turn++) {
      const command = commands[turn % commands.length] as PassiveCommand;
      try {
        ports.push(
          portIn(command, (await client.ftp.request(command)).message, client.ftp.socket.remoteAddress),
        );
      } catch (error) {
        if (!(error instanceof FTPError)) throw error;
        refused.push({ command, reply: error.message });
        commands = commands.filter((other) => other !== command);
      }
      if (order.pauseMs > 0) await pause(order.pauseMs, undefined, signal && { signal });
    }
    await client.ftp.request('QUIT');
  };
  let breaks = 0;
  while (ports.length < order.count && commands.length > 0) {
    signal?.throwIfAborted();
    const client = new GuardedClient(order.patienceMs, order.password);
    const close = () => client.close();
    signal?.addEventListener('abort', close);
    try {
      await askSome(client);
    } catch (error) {
      signal?.throwIfAborted();
      const failure = error instanceof Error ? error.message : String(error);
      breaks++;
      if (ports.length === 0 || breaks === breaksAllowed) return { ports, refused, failure };
    } finally {
      signal?.removeEventListener('abort', close);
      client.close();
    }
  }
  return { ports, refused, failure: null };
}

/** Throws an Error for a reply that names no port. */
function portIn(command: PassiveCommand, reply: string, peer: string | undefined): PassivePort {
  if (command === 'EPSV') return { command, port: extendedPort(reply) ?? unusable(reply), otherHost: null };
  const { host, port } = commaAddress(reply) ?? unusable(reply);
  return { command, port, otherHost: host === peer ? null : host };
}

function unusable(reply: string): never {
  throw new Error(`the reply names no port: ${reply}`);
}

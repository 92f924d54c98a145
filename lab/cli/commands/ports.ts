import { type Command, InvalidArgumentError } from 'commander';
import { askPorts } from '../../agent/ftp/ask-ports.ts';
import { parseServerUrl, resolveServer } from '../../attempt/server-url.ts';
import type { PortsOrder } from '../../model/passive-ports.ts';
import { addressOf } from '../../network/address-plan.ts';
import {
  allServerNames,
  type ClientName,
  placeOf,
  portOf,
  type ServerName,
  serverNames,
} from '../../network/topology.ts';
import { type AskedServer, portsJson, portsText } from '../../report/text/ports.ts';
import { type Context, holdsLab, oneOf } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import { passwordVariable, readPassword } from '../password.ts';

interface PortsOptions {
  readonly count: number;
  readonly json?: true;
}

/** What somebody else's server is spared: more questions than `most`, and more than ten a second. */
const most = 1000;
const pauseMs = 100;
const patienceMs = 30_000;

const help = `
SERVER is one of the lab's (${serverNames.join(', ')}), asked from a client in the lab, or a URL,
ftp://user@host[:port], asked from this machine. The password is asked for, or taken from ${passwordVariable}.
Nothing is transferred, and no data connection is opened. A URL's server is asked ten times a second at most.
Exit status: 0 when the server announced ports, 1 when it announced none or the asking ended early.`;

/** `ports`: which ports a server draws its passive data ports from. */
export function addPorts(program: Command, context: Context): void {
  program
    .command('ports')
    .description('ask a server for passive ports again and again: which range they are from')
    .argument('<server>', 'a server of the lab, or ftp://user@host[:port]')
    .option('--count <n>', `how many ports to ask for, at most ${most}`, countOf, 50)
    .option('--json', 'the result as JSON')
    .addHelpText('after', help)
    .action(async (server: string, { count, json }: PortsOptions) => {
      const asked = /[@/]/.test(server)
        ? await askUrl(server, count, context)
        : await askLab(oneOf('server', server, allServerNames), count, context);
      if (json) context.output.document(portsJson(asked));
      else context.output.result(portsText(asked, context.output.style));
      const { ports, failure } = asked.report;
      if (ports.length === 0 || failure !== null) context.status = exitStatus.differs;
    });
}

async function askUrl(url: string, count: number, context: Context): Promise<AskedServer> {
  const server = parseServerUrl(url);
  const { host, port, user } = server;
  const password = await readPassword(user, host, context);
  const { address } = await resolveServer(server);
  const seconds = Math.ceil((count * pauseMs) / 1000);
  context.output.progress(
    `Asking ${host} (${address}:${port}) as ${user} for ${count} passive ports, which takes about ${seconds} s`,
  );
  const order: PortsOrder = { host: address, port, user, password, count, pauseMs, patienceMs };
  return { server: host, address, port, report: await askPorts(order, context.interruption.signal) };
}

async function askLab(server: ServerName, count: number, context: Context): Promise<AskedServer> {
  const { output, interruption } = context;
  const { startLab } = await import('../engine.ts');
  const { allOpen } = await import('../../../scenarios/all-open.ts');
  holdsLab(context);
  await using lab = await startLab({
    name: context.name,
    ...(context.engine && { kind: context.engine }),
    progress: (message) => output.progress(message),
    signal: interruption.signal,
  });
  await lab.load(allOpen.ruleSet);
  const client: ClientName = placeOf(server).subnet === 'y' ? 'x-workstation' : 'y-workstation';
  output.progress(`Asking ${server} from ${client} for ${count} passive ports`);
  const report = await lab.askPorts(client, server, count);
  return { server, address: addressOf(lab.plan, server), port: portOf(server), report };
}

function countOf(text: string): number {
  const count = positiveInteger(text);
  if (count > most) throw new InvalidArgumentError(`It must be ${most} at most.`);
  return count;
}

import { groupBy } from '../../group-by.ts';
import { called, type Names } from '../../model/names.ts';
import type { PinholeTest } from '../../model/pinhole.ts';

/** What a firewall opens on the word of a client or a server although no upload needs it: a sentence for each kind of hole. */
export function holesInWords(holes: readonly PinholeTest[], names?: Names): string[] {
  const kinds = groupBy(holes, ({ firewall, command, names: whose, port }) =>
    JSON.stringify([firewall, isClients(command), whose, port]),
  );
  return [...kinds.values()].map((own) => {
    const [hole] = own;
    if (!hole) throw new Error('A kind of holes has holes');
    const commands = [...new Set(own.map(({ command }) => command))].join(' or ');
    const ports = hole.port === 'low' ? 'a port below 1024' : 'a port from 1024 on';
    const [speaker, other] = isClients(hole.command) ? ['client', 'server'] : ['server', 'client'];
    const words =
      speaker === 'client' ? `a ${speaker} that says ${commands}` : `a ${speaker} that answers ${commands}`;
    const target = hole.names === 'itself' ? `on that ${speaker}` : `on another host beside that ${speaker}`;
    return `for ${words}, ${called(hole.firewall, names)} lets the ${other} connect to ${ports} ${target}`;
  });
}

/** PORT and EPRT come from the client, the replies 227 and 229 from the server (RFC 959, RFC 2428). */
function isClients(command: PinholeTest['command']): boolean {
  return command === 'PORT' || command === 'EPRT';
}

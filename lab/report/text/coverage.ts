import { groupBy } from '../../group-by.ts';
import { list } from '../../list.ts';
import type { CellKey } from '../../model/cell.ts';
import { called, type Names } from '../../model/names.ts';

/**
 * Which of `all` cells `some` are, in words: `from y-server in port and eprt`, `by curl in epsv`. '' if they are all of
 * them. A dimension that leaves nothing out is not named. Parts that differ are joined by semicolons.
 */
export function coverage(some: readonly CellKey[], all: readonly CellKey[], names?: Names): string {
  if (some.length === all.length) return '';
  const programs = count(all, nameOf);
  if (programs < 2) return places(some, all, names).join('; ');
  const perProgram = [...groupBy(some, nameOf)].map(([name, own]) => ({
    name,
    places: places(
      own,
      all.filter((cell) => nameOf(cell) === name),
      names,
    ),
  }));
  return [...groupBy(perProgram, (program) => program.places.join('; ')).values()]
    .flatMap((alike) => {
      const by = alike.length < programs ? `by ${list(alike.map(({ name }) => name))}` : '';
      const [first = '', ...rest] = alike[0]?.places ?? [];
      return [
        [by, first].filter((words) => words !== '').join(' '),
        ...rest.map((place) => `${by} ${place}`),
      ];
    })
    .join('; ');
}

/** The program in words: the driver, and TLS if it is used. */
function nameOf({ driver, tls }: CellKey): string {
  return tls ? `${driver} with TLS` : driver;
}

/** The transfer mode in words, and the version of IP if it is IPv6. */
function modeOf({ mode, ipv6 }: CellKey): string {
  return ipv6 ? `${mode} by IPv6` : mode;
}

/** Where the cells of one program were made: one part per distinct combination. */
function places(some: readonly CellKey[], all: readonly CellKey[], names?: Names): string[] {
  const listed = (hosts: readonly string[]) => list(hosts.map((host) => called(host, names)));
  if (some.length === all.length) return [];
  return boxesOf(some)
    .map((box) => {
      const words: string[] = [];
      const among = all.filter((cell) => box.clients.includes(cell.client));
      if (box.clients.length < count(all, (cell) => cell.client)) words.push(`from ${listed(box.clients)}`);
      if (box.servers.length < count(among, (cell) => cell.server)) words.push(`to ${listed(box.servers)}`);
      if (box.modes.length < count(among, modeOf)) words.push(`in ${list(box.modes)}`);
      return words.join(' ');
    })
    .filter((words) => words !== '');
}

interface Box {
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  readonly modes: readonly string[];
}

/**
 * The cells as few combinations of clients, servers and modes: servers with equal modes are merged, then clients with
 * equal servers.
 */
function boxesOf(cells: readonly CellKey[]): Box[] {
  const perClient = [...groupBy(cells, (cell) => cell.client)].flatMap(([client, own]) => {
    const perServer = [...groupBy(own, (cell) => cell.server)].map(([server, theirs]) => ({
      server,
      modes: theirs.map(modeOf),
    }));
    return [...groupBy(perServer, ({ modes }) => modes.join()).values()].map((group) => ({
      client,
      servers: group.map(({ server }) => server),
      modes: group[0]?.modes ?? [],
    }));
  });
  const alike = groupBy(perClient, ({ servers, modes }) => `${servers.join()}/${modes.join()}`);
  return [...alike.values()].map((group) => ({
    clients: group.map(({ client }) => client),
    servers: group[0]?.servers ?? [],
    modes: group[0]?.modes ?? [],
  }));
}

function count<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): number {
  return new Set(items.map(keyOf)).size;
}

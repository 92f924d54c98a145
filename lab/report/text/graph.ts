import type { Diagram, DrawnFirewall, DrawnHost, DrawnSubnet } from './diagram.ts';

/** The network as a Mermaid flowchart (mermaid.js.org), for Markdown pages. */
export function mermaid({ firewalls, outermost }: Diagram): string {
  const subgraph = (subnet: DrawnSubnet) => [
    `  subgraph ${idOf(subnet.name)}["${[subnet.title, ...subnet.ranges].join(' ')}"]`,
    ...subnet.hosts.map((host) => `    ${idOf(host.name)}["${wordsOf(host).join('<br/>')}"]`),
    '  end',
  ];
  return lines([
    'flowchart TB',
    ...firewalls.flatMap(({ guards }) => guards.flatMap(({ subnet }) => subgraph(subnet))),
    ...firewalls.map((firewall) => `  ${idOf(firewall.name)}{{"${firewall.title}"}}`),
    ...subgraph(outermost),
    ...firewalls.flatMap((firewall) =>
      linksOf(firewall).map(
        ({ from, to, label }) => `  ${idOf(from)} ${label === null ? '---' : `---|"${label}"|`} ${idOf(to)}`,
      ),
    ),
  ]);
}

/** The network in Graphviz' DOT language (graphviz.org/doc/info/lang.html). */
export function dot({ firewalls, outermost }: Diagram): string {
  const subnets = [...firewalls.flatMap(({ guards }) => guards.map(({ subnet }) => subnet)), outermost];
  /** What a link to a cluster ends at: a node in it. */
  const anchorOf = (name: string) =>
    subnets.find((subnet) => subnet.name === name)?.hosts[0]?.name ?? `in ${name}`;
  const cluster = (subnet: DrawnSubnet) => [
    `  subgraph "cluster_${subnet.name}" {`,
    `    label="${[subnet.title, ...subnet.ranges].join(' ')}";`,
    ...subnet.hosts.map((host) => `    "${host.name}" [label="${wordsOf(host).join('\\n')}"];`),
    ...(subnet.hosts.length === 0 ? [`    "${anchorOf(subnet.name)}" [style=invis];`] : []),
    '  }',
  ];
  return lines([
    'graph "ftplab" {',
    '  compound=true;',
    '  node [shape=box];',
    ...firewalls.flatMap(({ guards }) => guards.flatMap(({ subnet }) => cluster(subnet))),
    ...firewalls.map(({ name, title }) => `  "${name}" [label="${title}", shape=hexagon];`),
    ...cluster(outermost),
    ...firewalls.flatMap(({ name, guards, outside }) => [
      ...guards.flatMap(({ subnet, address }) =>
        (subnet.hosts.length === 0 ? [anchorOf(subnet.name)] : subnet.hosts.map((host) => host.name)).map(
          (from, index) => `  "${from}" -- "${name}"${index === 0 ? ` [headlabel="${address}"]` : ''};`,
        ),
      ),
      `  "${name}" -- "${anchorOf(outside.subnet)}" [lhead="cluster_${outside.subnet}", taillabel="${outside.address}"];`,
    ]),
    '}',
  ]);
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly label: string | null;
}

/** A firewall stands between its hosts and what it leads into. Its addresses label the first link to each subnet. */
function linksOf({ name, guards, outside }: DrawnFirewall): Link[] {
  return [
    ...guards.flatMap(({ subnet, address }) =>
      (subnet.hosts.length === 0 ? [subnet] : subnet.hosts).map((from, index) => ({
        from: from.name,
        to: name,
        label: index === 0 ? address : null,
      })),
    ),
    { from: name, to: outside.subnet, label: outside.address },
  ];
}

function wordsOf({ title, address, passivePorts }: DrawnHost): string[] {
  return [title, address, ...(passivePorts === null ? [] : [`pasv ${passivePorts.join('-')}`])];
}

/** Mermaid's ids are words. `x` alone would be read as a link's end (`--x`), hence the prefix. */
function idOf(name: string): string {
  return `n_${name.replaceAll('-', '_')}`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}

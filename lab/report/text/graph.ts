import type { Diagram, DrawnFirewall, DrawnHost, DrawnSubnet } from './diagram.ts';

/** The network as a Mermaid flowchart (mermaid.js.org), for Markdown pages. */
export function mermaid({ firewalls, external }: Diagram): string {
  const subgraph = (subnet: DrawnSubnet) => [
    `  subgraph ${idOf(subnet.name)}["${subnet.title} ${subnet.cidr}"]`,
    ...subnet.hosts.map((host) => `    ${idOf(host.name)}["${wordsOf(host).join('<br/>')}"]`),
    '  end',
  ];
  return lines([
    'flowchart TB',
    ...firewalls.flatMap(({ guards }) => subgraph(guards)),
    ...firewalls.map((firewall) => `  ${idOf(firewall.name)}{{"${firewall.title}"}}`),
    ...subgraph(external),
    ...firewalls.flatMap((firewall) =>
      linksOf(firewall, external).map(
        ({ from, to, label }) => `  ${idOf(from)} ${label === null ? '---' : `---|"${label}"|`} ${idOf(to)}`,
      ),
    ),
  ]);
}

/** The network in Graphviz' DOT language (graphviz.org/doc/info/lang.html). */
export function dot({ firewalls, external }: Diagram): string {
  const cluster = (subnet: DrawnSubnet) => [
    `  subgraph "cluster_${subnet.name}" {`,
    `    label="${subnet.title} ${subnet.cidr}";`,
    ...subnet.hosts.map((host) => `    "${host.name}" [label="${wordsOf(host).join('\\n')}"];`),
    '  }',
  ];
  return lines([
    'graph "ftplab" {',
    '  compound=true;',
    '  node [shape=box];',
    ...firewalls.flatMap(({ guards }) => cluster(guards)),
    ...firewalls.map(({ name, title }) => `  "${name}" [label="${title}", shape=hexagon];`),
    ...cluster(external),
    ...firewalls.flatMap((firewall) => [
      ...firewall.guards.hosts.map(
        (host, index) =>
          `  "${host.name}" -- "${firewall.name}"${index === 0 ? ` [headlabel="${firewall.inside}"]` : ''};`,
      ),
      ...external.hosts
        .slice(0, 1)
        .map(
          (host) =>
            `  "${firewall.name}" -- "${host.name}" [lhead="cluster_${external.name}", taillabel="${firewall.outside}"];`,
        ),
    ]),
    '}',
  ]);
}

interface Link {
  readonly from: string;
  readonly to: string;
  readonly label: string | null;
}

/** A firewall stands between its hosts and External. Its addresses label the first link on each side. */
function linksOf({ name, inside, outside, guards }: DrawnFirewall, external: DrawnSubnet): Link[] {
  return [
    ...guards.hosts.map((host, index) => ({ from: host.name, to: name, label: index === 0 ? inside : null })),
    { from: name, to: external.name, label: outside },
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

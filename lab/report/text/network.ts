import type { AddressPlan } from '../../network/address-plan.ts';
import { type Diagram, type DrawnHost, diagramOf } from './diagram.ts';
import type { Style } from './style.ts';

/** The network with its addresses, drawn in text; a list if the drawing is wider than the style allows. */
export function networkPicture(plan: AddressPlan, style: Style): string {
  const diagram = diagramOf(plan, style.names);
  const picture = draw(diagram);
  return picture.every((line) => line.length <= style.width)
    ? picture.join('\n')
    : listed(diagram).join('\n');
}

/** A column of the picture: lines of equal length, centred on the same character. */
function column(lines: readonly string[]): string[] {
  const width = Math.max(...lines.map((line) => line.length));
  return lines.map((line) => {
    const left = Math.floor((width - line.length) / 2);
    return ' '.repeat(left) + line + ' '.repeat(width - line.length - left);
  });
}

function beside(columns: readonly (readonly string[])[], gap: string): string[] {
  const height = Math.max(0, ...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) => columns.map((lines) => lines[row] ?? '').join(gap));
}

function draw({ firewalls, external }: Diagram): string[] {
  const guarded = firewalls.map(({ title, inside, outside, guards }) => {
    const members = beside(
      guards.hosts.map((host) => column([host.title, host.address, '|'])),
      '   ',
    );
    const width = members[0]?.length ?? 0;
    const box = `[ ${column([title, ' '.repeat(Math.max(0, width - 4))])[0]} ]`;
    return column([`${guards.title} ${guards.cidr}`, '', ...members, inside, box, outside, '|']);
  });
  const servers = beside(
    external.hosts.map((host) =>
      column(['|', host.title, host.address, host.passivePorts ? `pasv ${portsOf(host)}` : 'a client']),
    ),
    '   ',
  );
  const inner = beside(guarded, '     ');
  const width = Math.max(...inner.map((line) => line.length), ...servers.map((line) => line.length)) + 4;
  const label = ` ${external.title} ${external.cidr} `;
  const left = Math.floor((width - label.length) / 2);
  const rail = '='.repeat(left) + label + '='.repeat(width - label.length - left);
  return [...inner.map((line) => `  ${line}`), rail, ...servers.map((line) => `  ${line}`)].map((line) =>
    line.trimEnd(),
  );
}

function listed({ firewalls, external }: Diagram): string[] {
  const lines = firewalls.flatMap(({ title, outside, guards }) => [
    `${guards.title} ${guards.cidr}, behind ${title} (${outside})`,
    ...guards.hosts.map((host) => `  ${host.title} ${host.address}`),
  ]);
  return [
    ...lines,
    `${external.title} ${external.cidr}`,
    ...external.hosts.map(
      (host) =>
        `  ${host.title} ${host.address}, ${host.passivePorts ? `passive ports ${portsOf(host)}` : 'a client'}`,
    ),
  ];
}

function portsOf({ passivePorts }: DrawnHost): string {
  return passivePorts?.join('-') ?? '';
}

import type { AddressPlan } from '../../network/address-plan.ts';
import { type Diagram, type DrawnFirewall, type DrawnHost, type DrawnSubnet, diagramOf } from './diagram.ts';
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

function draw({ firewalls, outermost }: Diagram): string[] {
  return joined(outermost, firewalls, false).map((line) => line.trimEnd());
}

/** A subnet as a rail below the firewalls that lead into it, its hosts under it. `guarded`: whether it is behind a firewall itself. */
function joined(subnet: DrawnSubnet, all: readonly DrawnFirewall[], guarded: boolean): string[] {
  const firewalls = all.filter(({ outside }) => outside.subnet === subnet.name);
  const hosts = beside(
    subnet.hosts.map((host) =>
      column([
        '|',
        host.title,
        host.address,
        ...(guarded ? ['|'] : [host.passivePorts ? `pasv ${portsOf(host)}` : 'a client']),
      ]),
    ),
    '   ',
  );
  const inner = beside(bottomUp(firewalls.map((firewall) => above(firewall, all))), '     ');
  const width = Math.max(0, ...[...inner, ...hosts].map((line) => line.length)) + 4;
  const label = ` ${headOf(subnet)} `;
  const left = Math.max(0, Math.floor((width - label.length) / 2));
  const rail = '='.repeat(left) + label + '='.repeat(Math.max(0, width - label.length - left));
  const lines = [...inner.map((line) => `  ${line}`), rail, ...hosts.map((line) => `  ${line}`)];
  const longest = Math.max(...lines.map((line) => line.length));
  return lines.map((line) => line.padEnd(longest));
}

function headOf({ title, ranges }: DrawnSubnet): string {
  return [title, ...ranges].join(' ');
}

/** A firewall with what is behind it. */
function above({ title, guards, outside }: DrawnFirewall, all: readonly DrawnFirewall[]): string[] {
  const behind = guards.map(({ subnet, address }) => {
    const leads = all.some((other) => other.outside.subnet === subnet.name);
    const members = beside(
      subnet.hosts.map((host) => column([host.title, host.address, '|'])),
      '   ',
    );
    const lines = leads
      ? joined(subnet, all, true)
      : [`${subnet.title} ${subnet.ranges[0]}`, ...subnet.ranges.slice(1), '', ...members];
    return {
      lines: column([...lines, address]),
      width: leads ? (lines[0]?.length ?? 0) : (members[0]?.length ?? 0),
    };
  });
  const width = behind.reduce((sum, { width }) => sum + width, 5 * (behind.length - 1));
  const box = `[ ${column([title, ' '.repeat(Math.max(0, width - 4))])[0]} ]`;
  return column([...beside(bottomUp(behind.map(({ lines }) => lines)), '     '), box, outside.address, '|']);
}

/** Columns of one height, by empty lines at the top. */
function bottomUp(columns: readonly (readonly string[])[]): string[][] {
  const height = Math.max(0, ...columns.map((lines) => lines.length));
  return columns.map((lines) => [
    ...Array.from({ length: height - lines.length }, () => ' '.repeat(lines[0]?.length ?? 0)),
    ...lines,
  ]);
}

function listed({ firewalls, outermost }: Diagram): string[] {
  const lines = firewalls.flatMap(({ title, outside, guards }) =>
    guards.flatMap(({ subnet }) => [
      `${headOf(subnet)}, behind ${title} (${outside.address})`,
      ...subnet.hosts.map((host) => `  ${host.title} ${host.address}`),
    ]),
  );
  return [
    ...lines,
    headOf(outermost),
    ...outermost.hosts.map(
      (host) =>
        `  ${host.title} ${host.address}, ${host.passivePorts ? `passive ports ${portsOf(host)}` : 'a client'}`,
    ),
  ];
}

function portsOf({ passivePorts }: DrawnHost): string {
  return passivePorts?.join('-') ?? '';
}

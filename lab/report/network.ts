import { type AddressPlan, addressOf, firewallAddress } from '../network/address-plan.ts';
import {
  type ClientName,
  firewallNames,
  firewalls,
  hosts,
  passiveRanges,
  type ServerName,
  type SubnetName,
} from '../network/topology.ts';
import type { Style } from './style.ts';

/** The network with its addresses, drawn in text; as a list where the drawing is wider than the style allows. */
export function networkPicture(plan: AddressPlan, style: Style): string {
  const picture = draw(plan);
  return picture.every((line) => line.length <= style.width) ? picture.join('\n') : listed(plan).join('\n');
}

type EndHost = ClientName | ServerName;

function hostsIn(subnet: SubnetName): EndHost[] {
  return (Object.keys(hosts) as EndHost[]).filter((host) => hosts[host].subnet === subnet);
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

function draw(plan: AddressPlan): string[] {
  const guarded = firewallNames.map((name) => {
    const subnet = firewalls[name].inside.subnet;
    const members = beside(
      hostsIn(subnet).map((host) => column([host, addressOf(plan, host), '|'])),
      '   ',
    );
    const width = members[0]?.length ?? 0;
    const inside = firewallAddress(plan, name, 'inside');
    const box = `[ ${column([name, ' '.repeat(Math.max(0, width - 4))])[0]} ]`;
    return column([
      `${subnet.toUpperCase()} ${plan.subnets[subnet]}`,
      '',
      ...members,
      inside,
      box,
      firewallAddress(plan, name, 'outside'),
      '|',
    ]);
  });
  const servers = beside(
    hostsIn('external').map((host) =>
      column(['|', host, addressOf(plan, host), `pasv ${passiveRanges[host as ServerName].join('-')}`]),
    ),
    '   ',
  );
  const inner = beside(guarded, '     ');
  const width = Math.max(...inner.map((line) => line.length), ...servers.map((line) => line.length)) + 4;
  const label = ` External ${plan.subnets.external} `;
  const left = Math.floor((width - label.length) / 2);
  const rail = '='.repeat(left) + label + '='.repeat(width - label.length - left);
  return [...inner.map((line) => `  ${line}`), rail, ...servers.map((line) => `  ${line}`)].map((line) =>
    line.trimEnd(),
  );
}

function listed(plan: AddressPlan): string[] {
  const lines = firewallNames.flatMap((name) => {
    const subnet = firewalls[name].inside.subnet;
    return [
      `${subnet.toUpperCase()} ${plan.subnets[subnet]}, behind ${name} (${firewallAddress(plan, name, 'outside')})`,
      ...hostsIn(subnet).map((host) => `  ${host} ${addressOf(plan, host)}`),
    ];
  });
  return [
    ...lines,
    `External ${plan.subnets.external}`,
    ...hostsIn('external').map(
      (host) =>
        `  ${host} ${addressOf(plan, host)}, passive ports ${passiveRanges[host as ServerName].join('-')}`,
    ),
  ];
}

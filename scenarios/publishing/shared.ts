import type { FirewallPolicy, PolicyRule } from '../../lab/model/rule-set.ts';
import type { ExpectedCells } from '../../lab/model/scenario.ts';
import {
  allow,
  external,
  ftp,
  inbound,
  internal,
  nat,
  protocol,
  tcp,
  tcpRange,
} from '../../lab/policy/dsl.ts';
import { activeModes, blocked, dataDropped, type fromOutside } from '../shared.ts';

/** Clients behind a NAT of their own, whose firewall has the FTP access filter. */
export const natWithFilter: FirewallPolicy = {
  networkRule: nat(),
  accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })],
};

/** isa-y under NAT with these rules; isa-x lets its clients out by NAT and the filter. */
export function publishedByY(...accessRules: readonly PolicyRule[]) {
  return { firewalls: { 'isa-x': natWithFilter, 'isa-y': { networkRule: nat(), accessRules } } };
}

/** TCP 21 and the servers' pinned passive range, inbound, without the filter. */
export const ftpWithRange = protocol('FTP Server with a passive range', {
  primary: [inbound(tcp(21))],
  secondary: [inbound(tcpRange(50000, 50100))],
});

/** The 227 reply names the server's private address. */
export const privateAddress = blocked('pasv-address-rejected-by-client', 'no-data');

/** No rule lets the server call clients. */
export const noWayBack: Pick<ExpectedCells, 'modes' | 'expect'> = {
  modes: activeModes,
  expect: dataDropped('isa-y'),
};

/** The same cells of both clients outside: one in External, one behind a NAT of its own. */
export function fromEverywhere(cells: ReturnType<typeof fromOutside>): ExpectedCells {
  return { ...cells, clients: ['customer', 'x-workstation'] };
}

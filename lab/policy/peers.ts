import ipaddr from 'ipaddr.js';
import { LabError } from '../errors.ts';
import type { Peer } from '../model/rule-set.ts';
import type { ClientName, ServerName, SubnetName } from '../network/topology.ts';

/** The subnet behind the rule's own firewall. */
export const internal: Peer = { kind: 'internal' };

/** Everything that is not behind the rule's own firewall. */
export const external: Peer = { kind: 'external' };

/** Any address. */
export const anywhere: Peer = { kind: 'anywhere' };

/** A subnet, by name. Whether there is one is checked when the rules are read. */
export function subnet(name: SubnetName): Peer {
  return { kind: 'subnet', subnet: name };
}

/** One client or server, by name. Whether there is one is checked when the rules are read. */
export function computer(name: ClientName | ServerName): Peer {
  return { kind: 'computer', host: name };
}

/** An IPv4 network in CIDR notation, `10.1.2.0/24`. Throws LabError `cidr-malformed`. */
export function cidr(network: string): Peer {
  const meant = meantBy(network);
  if (meant === network) return { kind: 'cidr', cidr: network };
  const hint = meant ? `Did you mean "${meant}"?` : 'Write it as "10.1.2.0/24".';
  throw new LabError('usage', 'cidr-malformed', `"${network}" is not an IPv4 network`, hint);
}

/** The CIDR that a text is or resembles; `undefined` if it resembles none. */
function meantBy(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return `${text}/32`;
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return undefined;
  const prefix = ipaddr.IPv4.parseCIDR(text)[1];
  return `${ipaddr.IPv4.networkAddressFromCIDR(text)}/${prefix}`;
}

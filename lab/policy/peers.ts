import ipaddr from 'ipaddr.js';
import { LabError } from '../errors.ts';
import type { Peer } from '../model/rule-set.ts';
import {
  allServerNames,
  type ClientName,
  clientNames,
  type ServerName,
  type SubnetName,
  subnetNames,
} from '../network/topology.ts';

/** The subnet behind the rule's own firewall. */
export const internal: Peer = { kind: 'internal' };

/** Everything that is not behind the rule's own firewall. */
export const external: Peer = { kind: 'external' };

/** Any address. */
export const anywhere: Peer = { kind: 'anywhere' };

/** A subnet of the lab, by name. Throws LabError `subnet-unknown`. */
export function subnet(name: SubnetName): Peer {
  refuseUnknown('subnet', name, subnetNames);
  return { kind: 'subnet', subnet: name };
}

/** One client or server of the lab, by name. Throws LabError `host-unknown`. */
export function computer(name: ClientName | ServerName): Peer {
  refuseUnknown('host', name, [...new Set([...clientNames, ...allServerNames])]);
  return { kind: 'computer', host: name };
}

function refuseUnknown(what: 'subnet' | 'host', name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const hint = `The lab has ${known.join(', ')}.`;
  throw new LabError('usage', `${what}-unknown`, `There is no ${what} "${name}"`, hint);
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

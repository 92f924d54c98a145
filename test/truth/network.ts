import { fileURLToPath } from 'node:url';
import type { OwnAddresses } from '../../lab/network/own-addresses.ts';
import type { ClientName, FirewallName } from '../../lab/network/topology.ts';

/** The folder that entries' files are named from. */
export const corpusFolder = fileURLToPath(new URL('.', import.meta.url));

const interfaces = { inside: 'eth1', outside: 'ppp0' };

/** The network that all files of the corpus are written for, so that one lab tries them all. */
export const corpusNetwork: OwnAddresses = {
  subnets: { x: '10.79.1.0/24', y: '10.79.2.0/24', external: '198.19.79.0/24' },
  addresses: {},
  interfaces: { 'isa-x': interfaces, 'isa-y': interfaces },
};

/** Who uploads through a firewall. */
export const clientBehind: Record<FirewallName, ClientName> = {
  'isa-x': 'x-workstation',
  'isa-y': 'y-server',
};

/**
 * The network of the report, as data: which hosts and firewalls there are and where they stand. Addresses are given as
 * host numbers; an {@link AddressPlan} turns them into IPv4 addresses.
 */

/** The three networks. `x` and `y` are each behind a firewall; `external` joins the firewalls and the public servers. */
export const subnetNames = ['x', 'y', 'external'] as const;
export type SubnetName = (typeof subnetNames)[number];

export const firewallNames = ['isa-x', 'isa-y'] as const;
export type FirewallName = (typeof firewallNames)[number];

export const clientNames = ['x-workstation', 'y-server', 'y-workstation'] as const;
export type ClientName = (typeof clientNames)[number];

export const serverNames = ['vsftpd', 'proftpd', 'pure-ftpd', 'y-server'] as const;
export type ServerName = (typeof serverNames)[number];

export type HostName = FirewallName | ClientName | ServerName;

/** Images that the lab builds, by name (a folder of lab/images each). */
export const imageNames = ['client', 'firewall', 'vsftpd', 'proftpd', 'pure-ftpd'] as const;
export type ImageName = (typeof imageNames)[number];

/** A host with one foot in one subnet. `number` is its last address octet. */
export interface HostDefinition {
  readonly subnet: SubnetName;
  readonly number: number;
  readonly image: ImageName;
}

/** A firewall: `inside` faces the subnet that it guards, `outside` faces External. */
export interface FirewallDefinition {
  readonly inside: { readonly subnet: SubnetName; readonly number: number };
  readonly outside: { readonly subnet: 'external'; readonly number: number };
}

export const firewalls: Record<FirewallName, FirewallDefinition> = {
  'isa-x': { inside: { subnet: 'x', number: 1 }, outside: { subnet: 'external', number: 2 } },
  'isa-y': { inside: { subnet: 'y', number: 1 }, outside: { subnet: 'external', number: 3 } },
};

/** Clients and servers. `y-server` is both: it uploads to External in the report and is itself an FTP server. */
export const hosts: Record<ClientName | ServerName, HostDefinition> = {
  'x-workstation': { subnet: 'x', number: 10, image: 'client' },
  'y-server': { subnet: 'y', number: 10, image: 'vsftpd' },
  'y-workstation': { subnet: 'y', number: 11, image: 'client' },
  vsftpd: { subnet: 'external', number: 21, image: 'vsftpd' },
  proftpd: { subnet: 'external', number: 22, image: 'proftpd' },
  'pure-ftpd': { subnet: 'external', number: 23, image: 'pure-ftpd' },
};

/** TCP ports that a server draws passive data ports from: first and last, both included. */
export type PortRange = readonly [first: number, last: number];

/** What each server is configured to use; the images' configuration files say the same. */
export const passiveRanges: Record<ServerName, PortRange> = {
  vsftpd: [32768, 60999],
  'y-server': [32768, 60999],
  proftpd: [1025, 5000],
  'pure-ftpd': [50000, 50100],
};

/** The firewall that guards a subnet, or `undefined` for External, which nobody guards. */
export function firewallOf(subnet: SubnetName): FirewallName | undefined {
  return firewallNames.find((name) => firewalls[name].inside.subnet === subnet);
}

/** The firewalls that a connection from one host to another crosses, in order. */
export function firewallsBetween(client: ClientName, server: ServerName): FirewallName[] {
  const from = hosts[client].subnet;
  const to = hosts[server].subnet;
  if (from === to) return [];
  return [firewallOf(from), firewallOf(to)].filter((name) => name !== undefined);
}

/** The account that every lab FTP server knows, and the files it finds there. Lab-only, hence in the open. */
export const ftpAccount = {
  user: 'upload',
  password: 'lab-only',
  /** The account's home on the server; uploads go here. */
  home: '/srv/ftp/upload',
  /** A file of {@link ftpAccount.retrieveBytes} bytes that the retrieve step fetches. */
  retrieveFile: 'retrieve.bin',
  retrieveBytes: 1024 * 1024,
} as const;

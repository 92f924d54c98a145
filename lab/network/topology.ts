/**
 * The network of the original report as data: its hosts and firewalls, and where they are. Addresses are given as host
 * numbers; an {@link AddressPlan} turns them into IPv4 addresses.
 */

/** The three networks. `x` and `y` are each behind a firewall; `external` joins the firewalls and the public servers. */
export const subnetNames = ['x', 'y', 'external'] as const;
export type SubnetName = (typeof subnetNames)[number];

export const firewallNames = ['isa-x', 'isa-y'] as const;
export type FirewallName = (typeof firewallNames)[number];

/** `customer` uploads from outside, as customers do to a published server. */
export const clientNames = ['x-workstation', 'y-server', 'y-workstation', 'customer'] as const;
export type ClientName = (typeof clientNames)[number];

/** The usual servers: one container each, and the ones tried by default. */
export const serverNames = ['vsftpd', 'proftpd', 'pure-ftpd', 'y-server'] as const;
export type UsualServerName = (typeof serverNames)[number];

/** A client or server with its own container. */
export type MachineName = ClientName | UsualServerName;

/** The images that the lab builds, by name (one folder of lab/engine/images each). */
export const imageNames = ['client', 'firewall', 'vsftpd', 'proftpd', 'pure-ftpd'] as const;
export type ImageName = (typeof imageNames)[number];

/** A host in one subnet. `number` is the last octet of its address. */
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

/**
 * Clients and servers. `y-server` is both: in the original report it uploads to External, and it is an FTP server
 * itself.
 */
export const hosts: Record<MachineName, HostDefinition> = {
  'x-workstation': { subnet: 'x', number: 10, image: 'client' },
  'y-server': { subnet: 'y', number: 10, image: 'vsftpd' },
  'y-workstation': { subnet: 'y', number: 11, image: 'client' },
  vsftpd: { subnet: 'external', number: 21, image: 'vsftpd' },
  proftpd: { subnet: 'external', number: 22, image: 'proftpd' },
  'pure-ftpd': { subnet: 'external', number: 23, image: 'pure-ftpd' },
  customer: { subnet: 'external', number: 11, image: 'client' },
};

export const machineNames = Object.keys(hosts) as MachineName[];

/** A place where rules can stand: a firewall between subnets, or a client or server with a firewall of its own. */
export type RulesPlace = FirewallName | MachineName;
export const rulesPlaces: readonly RulesPlace[] = [...firewallNames, ...machineNames];

/** Whether a place is a firewall between subnets, which forwards packets, and not a host with a firewall of its own. */
export function isGateway(place: RulesPlace): place is FirewallName {
  return place in firewalls;
}

/**
 * A server that stages one cause: another daemon in the container of a usual server, with its own address. The file
 * with its name in the image's folder `staged` starts it.
 */
export interface StagedServer {
  readonly on: UsualServerName;
  /** Host number in the container's subnet. */
  readonly number: number;
  /** TCP port of the control connection. */
  readonly port: number;
  /** MTU in bytes of the link to the firewall that guards its subnet. Default: the subnet's MTU. */
  readonly mtu?: number;
  /** The TCP ports from which it takes passive data ports. Default: those of the container's usual server. */
  readonly passiveRange?: PortRange;
  /** What is unusual about it, in one sentence for people. */
  readonly about: string;
}

export const staged = {
  'vsftpd-login-denied': {
    on: 'vsftpd',
    number: 40,
    port: 21,
    about: 'Its accounts have other passwords, so every login fails.',
  },
  'vsftpd-write-off': {
    on: 'vsftpd',
    number: 41,
    port: 21,
    about: 'Does not let anybody write: write_enable=NO.',
  },
  'vsftpd-locked-folder': {
    on: 'vsftpd',
    number: 42,
    port: 21,
    about: 'Sessions begin in a folder where the account may not write.',
  },
  'vsftpd-port-2121': {
    on: 'vsftpd',
    number: 43,
    port: 2121,
    about: 'Its control connection is on port 2121.',
  },
  'vsftpd-any-source-port': {
    on: 'vsftpd',
    number: 44,
    port: 21,
    about: 'Opens active data connections from any port: connect_from_port_20=NO.',
  },
  'vsftpd-private-pasv': {
    on: 'vsftpd',
    number: 45,
    port: 21,
    about: 'Behind its own 1:1 NAT, and announces its private address for PASV.',
  },
  'vsftpd-foreign-pasv': {
    on: 'vsftpd',
    number: 46,
    port: 21,
    about: "Announces another machine's address for PASV.",
  },
  'vsftpd-only-21-forwarded': {
    on: 'vsftpd',
    number: 47,
    port: 21,
    about: 'Behind its own router, which forwards port 21 but no passive ports.',
  },
  'vsftpd-own-firewall': {
    on: 'vsftpd',
    number: 48,
    port: 21,
    about: 'Has its own firewall, which drops passive data connections.',
  },
  'vsftpd-slow': { on: 'vsftpd', number: 49, port: 21, about: 'Transfers at most 512 KiB per second.' },
  'vsftpd-tls': {
    on: 'vsftpd',
    number: 50,
    port: 21,
    about:
      'Also speaks FTPS, and requires data connections to resume the TLS session of the control connection.',
  },
  'proftpd-tls': {
    on: 'proftpd',
    number: 55,
    port: 21,
    about: 'Speaks FTPS on request, and requires one TLS session for control and data.',
  },
  'pure-ftpd-quota': {
    on: 'pure-ftpd',
    number: 60,
    port: 21,
    about: 'Has a quota of 1 MiB per account.',
  },
  'y-server-narrow': {
    on: 'y-server',
    number: 40,
    port: 21,
    mtu: 1400,
    about: 'Reached from isa-y over a link with an MTU of 1400 bytes.',
  },
  'y-server-narrow-icmp': {
    on: 'y-server',
    number: 41,
    port: 21,
    mtu: 1400,
    about: 'The same, for rules that accept ICMP; a second server because a client remembers the path MTU.',
  },
  'y-server-pinned': {
    on: 'y-server',
    number: 42,
    port: 21,
    passiveRange: [50000, 50100],
    about: 'Draws its passive ports from 50000 to 50100.',
  },
  'y-server-outside': {
    on: 'y-server',
    number: 43,
    port: 21,
    passiveRange: [50000, 50100],
    about: "The same, and announces isa-y's outside address for PASV.",
  },
  'y-server-tls': {
    on: 'y-server',
    number: 44,
    port: 21,
    passiveRange: [50000, 50100],
    about: 'The same, and also speaks FTPS.',
  },
} as const satisfies Record<string, StagedServer>;
export type StagedServerName = keyof typeof staged;
export const stagedServerNames = Object.keys(staged) as StagedServerName[];

export type ServerName = UsualServerName | StagedServerName;
/** Every server, the usual ones first. */
export const allServerNames: readonly ServerName[] = [...serverNames, ...stagedServerNames];

export type HostName = FirewallName | ClientName | ServerName;

/** The container in which a client or server runs. */
export function machineOf(host: ClientName | ServerName): MachineName {
  return isStaged(host) ? staged[host].on : host;
}

/** Where a client or server is: its subnet and its host number there. */
export function placeOf(host: ClientName | ServerName): {
  readonly subnet: SubnetName;
  readonly number: number;
} {
  const { subnet, number } = hosts[machineOf(host)];
  return isStaged(host) ? { subnet, number: staged[host].number } : { subnet, number };
}

/** TCP port of a server's control connection. */
export function portOf(server: ServerName): number {
  return isStaged(server) ? staged[server].port : 21;
}

function isStaged(host: ClientName | ServerName): host is StagedServerName {
  return host in staged;
}

/** TCP ports from which a server takes passive data ports: first and last, both included. */
export type PortRange = readonly [first: number, last: number];

/** The range that each server is configured with; the images' configuration files hold the same numbers. */
export const passiveRanges: Record<UsualServerName, PortRange> = {
  vsftpd: [32768, 60999],
  'y-server': [32768, 60999],
  proftpd: [1025, 5000],
  'pure-ftpd': [50000, 50100],
};

/** The TCP ports from which a server takes passive data ports; a staged server has the range of its container's usual server, unless it has one of its own. */
export function passiveRangeOf(server: ServerName): PortRange {
  const own: PortRange | undefined = isStaged(server)
    ? (staged[server] as StagedServer).passiveRange
    : undefined;
  return own ?? passiveRanges[machineOf(server) as UsualServerName];
}

/** TCP port of each firewall's web proxy, which is ISA Server's default. */
export const webProxyPort = 8080;

/** The firewall that guards a subnet; `undefined` for External, which has none. */
export function firewallOf(subnet: SubnetName): FirewallName | undefined {
  return firewallNames.find((name) => firewalls[name].inside.subnet === subnet);
}

/** The firewall that guards a client's or server's subnet, or `undefined` in External. */
export function guardOf(host: ClientName | ServerName): FirewallName | undefined {
  return firewallOf(placeOf(host).subnet);
}

/** The firewalls that a connection from one host to another crosses, in order. */
export function firewallsBetween(client: ClientName, server: ServerName): FirewallName[] {
  const from = placeOf(client).subnet;
  const to = placeOf(server).subnet;
  if (from === to) return [];
  return [firewallOf(from), firewallOf(to)].filter((name) => name !== undefined);
}

/**
 * The places of some whose rules the packets of an upload meet, in the order in which they meet them: its client, the firewalls
 * between, its server's machine.
 */
export function placesMet(
  client: ClientName,
  server: ServerName,
  withRules: readonly RulesPlace[],
): RulesPlace[] {
  const way = [client, ...firewallsBetween(client, server), machineOf(server)];
  return way.filter((place) => withRules.includes(place));
}

/**
 * Whether a file for one place decides about an upload by itself: a firewall's if the upload crosses no other, a host's if the host is
 * one of its ends, as the firewalls then let everything pass.
 */
export function isDecidedAt(place: RulesPlace, client: ClientName, server: ServerName): boolean {
  if (isGateway(place)) return firewallsBetween(client, server).join() === place;
  return client !== machineOf(server) && (client === place || machineOf(server) === place);
}

/** The account on every lab FTP server and the files in it. It exists only in the lab, so the password is no secret. */
export const ftpAccount = {
  user: 'upload',
  password: 'lab-only',
  /** The account's home on the server; uploads go here. */
  home: '/srv/ftp/upload',
  /** A file of {@link ftpAccount.retrieveBytes} bytes that the retrieve step fetches. */
  retrieveFile: 'retrieve.bin',
  retrieveBytes: 1024 * 1024,
} as const;

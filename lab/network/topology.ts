/*
 * The network that this process is about, by the names of its parts. It is the one of the original report, unless another is chosen before
 * anything of it is asked; it does not change then, so that names can be spoken of without naming the network each time.
 */
import { LabError } from '../errors.ts';
import type {
  FirewallDefinition,
  HostDefinition,
  Leg,
  NetworkDefinition,
  PortRange,
  StagedServer,
} from './definition.ts';
import {
  firewallsOnWay,
  isClient,
  isServer,
  type Network,
  networkFrom,
  outsideLeg,
  parentOf,
} from './network.ts';
import { shipped } from './shipped.ts';

export type { PortRange } from './definition.ts';
export { type ImageName, imageNames } from './image-names.ts';

export type SubnetName = string;
export type FirewallName = string;
export type LegName = string;
export type ClientName = string;
export type ServerName = string;
/** A client or server with its own container. */
export type MachineName = string;
export type HostName = string;
/** A place where rules can stand: a firewall between subnets, or a client or server with a firewall of its own. */
export type RulesPlace = string;

/** The network of the original report. */
export const shippedNetwork = networkFrom(shipped);
let chosen: Network | undefined;

/** Chooses the network that this process is about. Throws LabError `another-network` if it is about another one. */
export function chooseNetwork(network: Network): void {
  if (chosen !== undefined && !isSame(chosen, network))
    throw new LabError(
      'usage',
      'another-network',
      'Two networks cannot be used at once',
      'Use a process for each: what is about one network goes into one command.',
    );
  chosen = isSame(network, shippedNetwork) ? shippedNetwork : network;
}

/** The network that this process is about. */
export function network(): Network {
  return chosen ?? shippedNetwork;
}

/** Its definition, if it is not the shipped one, for documents to carry. */
export function ownNetwork(): NetworkDefinition | undefined {
  return network() === shippedNetwork ? undefined : network().definition;
}

/** Whether two networks are described alike, in the same order. */
function isSame(one: Network, other: Network): boolean {
  return one === other || JSON.stringify(one.definition) === JSON.stringify(other.definition);
}

export function subnetNames(): SubnetName[] {
  return Object.keys(network().definition.subnets);
}

/** The subnet that no firewall guards. */
export function outermost(): SubnetName {
  return network().outermost;
}

export function firewallNames(): FirewallName[] {
  return Object.keys(network().definition.firewalls);
}

/** A firewall by its name. */
function firewallNamed(name: FirewallName): FirewallDefinition {
  return known('firewall', name, network().definition.firewalls[name]);
}

/** Where a file stands if nothing is said: `isa-y` in the shipped network, and the only firewall in one of one's own. */
export function usualFirewall(): FirewallName | undefined {
  const [only, ...more] = firewallNames();
  return ownNetwork() === undefined ? 'isa-y' : more.length === 0 ? only : undefined;
}

/** A firewall's legs by name, in order. */
export function legsOf(name: FirewallName): Readonly<Record<LegName, Leg>> {
  return firewallNamed(name).legs;
}

/** The name of the leg that leads out. */
export function outsideOf(name: FirewallName): LegName {
  return outsideLeg(firewallNamed(name));
}

/** The names of the legs that do not lead out, in order. */
export function insidesOf(name: FirewallName): LegName[] {
  return Object.keys(legsOf(name)).filter((leg) => leg !== outsideOf(name));
}

/** The subnets behind a firewall, those behind further firewalls included. */
export function subnetsBehind(name: FirewallName): SubnetName[] {
  return subnetNames().filter((subnet) => firewallsOnWay(network(), subnet, outermost()).includes(name));
}

/** The leg by which a firewall reaches a subnet. */
export function legTowards(name: FirewallName, subnet: SubnetName): LegName {
  for (let at: SubnetName | undefined = subnet; at !== undefined; at = parentOf(network(), at)) {
    const leg = insidesOf(name).find((inside) => legsOf(name)[inside]?.subnet === at);
    if (leg !== undefined) return leg;
  }
  return outsideOf(name);
}

/** Clients and servers that have a container of their own. */
export function machineNames(): MachineName[] {
  return Object.keys(network().definition.hosts);
}

/** A machine by its name. */
export function machineNamed(name: MachineName): HostDefinition {
  return known('host', name, network().definition.hosts[name]);
}

export function clientNames(): ClientName[] {
  return machineNames().filter((name) => isClient(machineNamed(name)));
}

/** The usual servers: one container each, and the ones tried by default. */
export function serverNames(): ServerName[] {
  return machineNames().filter((name) => isServer(machineNamed(name)));
}

/** Further servers in the containers of the usual ones. */
export function stagedServerNames(): ServerName[] {
  return Object.keys(network().definition.staged ?? {});
}

/** Every server, the usual ones first. */
export function allServerNames(): ServerName[] {
  return [...serverNames(), ...stagedServerNames()];
}

/** Every client and server, each once. */
export function endNames(): (ClientName | ServerName)[] {
  return [...new Set([...clientNames(), ...allServerNames()])];
}

export function rulesPlaces(): RulesPlace[] {
  return [...firewallNames(), ...machineNames()];
}

/** Whether a place is a firewall between subnets, which forwards packets, and not a host with a firewall of its own. */
export function isGateway(place: RulesPlace): boolean {
  return Object.hasOwn(network().definition.firewalls, place);
}

/** A server in another one's container; `undefined` for any other host. */
export function stagedNamed(name: ServerName): StagedServer | undefined {
  const { staged = {} } = network().definition;
  return Object.hasOwn(staged, name) ? staged[name] : undefined;
}

/** The container in which a client or server runs. */
export function machineOf(host: ClientName | ServerName): MachineName {
  return stagedNamed(host)?.on ?? host;
}

/** Where a client or server is: its subnet and its host number there. */
export function placeOf(host: ClientName | ServerName): {
  readonly subnet: SubnetName;
  readonly number: number;
} {
  const { subnet, number } = machineNamed(machineOf(host));
  return { subnet, number: stagedNamed(host)?.number ?? number };
}

/** TCP port of a server's control connection. */
export function portOf(server: ServerName): number {
  return stagedNamed(server)?.port ?? 21;
}

/** The range that the server of each image is configured with; the images' configuration files hold the same numbers. */
export const passiveRanges = {
  vsftpd: [32768, 60999],
  proftpd: [1025, 5000],
  'pure-ftpd': [50000, 50100],
} as const satisfies Record<string, PortRange>;

/** The TCP ports from which a server takes passive data ports. */
export function passiveRangeOf(server: ServerName): PortRange {
  const own = stagedNamed(server)?.passiveRange;
  if (own !== undefined) return own;
  const { image } = machineNamed(machineOf(server));
  if (image === 'client') throw new Error(`${server} is no server`);
  return passiveRanges[image];
}

/** TCP port of each firewall's web proxy, which is ISA Server's default. */
export const webProxyPort = 8080;

/** The firewall that guards a subnet; `undefined` for the outermost. */
export function firewallOf(subnet: SubnetName): FirewallName | undefined {
  return network().guards.get(subnet);
}

/** The firewall that guards a client's or server's subnet; `undefined` in the outermost. */
export function guardOf(host: ClientName | ServerName): FirewallName | undefined {
  return firewallOf(placeOf(host).subnet);
}

/** The firewalls that packets from one subnet to another cross, in order. */
export function firewallsFrom(from: SubnetName, to: SubnetName): FirewallName[] {
  return firewallsOnWay(network(), from, to);
}

/** The firewalls that a connection from one host to another crosses, in order. */
export function firewallsBetween(client: ClientName, server: ServerName): FirewallName[] {
  return firewallsFrom(placeOf(client).subnet, placeOf(server).subnet);
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

function known<Thing>(what: string, name: string, thing: Thing | undefined): Thing {
  if (thing !== undefined) return thing;
  throw new LabError('usage', `${what}-unknown`, `The network has no ${what} "${name}"`);
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

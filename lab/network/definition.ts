/* What a network is: the schema of its description, which documents about a network of one's own carry. */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Data } from '../data.ts';
import { imageNames } from './image-names.ts';

/** A subnet's, firewall's, leg's or host's name: lower-case letters, digits and hyphens, beginning with a letter. */
export const networkName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,23}$/,
    'expected a name of at most 24 lower-case letters, digits and hyphens that begins with a letter',
  );

/** An IPv4 range in CIDR notation. */
export const range = z
  .string()
  .refine((text) => ipaddr.IPv4.isValidCIDR(text), 'expected an IPv4 range such as 192.168.10.0/24');

/** An IPv6 range in CIDR notation. */
export const range6 = z
  .string()
  .refine((text) => ipaddr.IPv6.isValidCIDR(text), 'expected an IPv6 range such as 2001:db8:aa::/64');

/** An IPv6 address. */
export const address6 = z
  .string()
  .refine((text) => ipaddr.IPv6.isValid(text), 'expected an IPv6 address such as 2001:db8:aa::1');

/** Its place in a subnet; in a /24, the last octet of the address. */
const number = z.int().min(1).max(253);

const leg = z.strictObject({ subnet: networkName, number });

const firewall = z.strictObject({
  legs: z
    .record(networkName, leg)
    .describe('Its interfaces by name: one towards each subnet that it joins, in order.'),
  outside: networkName
    .exactOptional()
    .describe(
      'The leg that leads out: what is behind the others is its Internal network. Default: "outside".',
    ),
});

/** TCP ports from which a server takes passive data ports: first and last, both included. */
const ports = z.tuple([z.int().min(1).max(65535), z.int().min(1).max(65535)]);

const host = z.strictObject({
  subnet: networkName,
  number,
  image: z.enum(imageNames).exclude(['firewall']).describe('All but client run an FTP server.'),
  uploads: z.literal(true).exactOptional().describe('Whether a server is a client as well.'),
});

const stagedServer = z.strictObject({
  on: networkName.describe('The host whose machine it runs on.'),
  number,
  port: z.int().min(1).max(65535).describe('TCP port of the control connection.'),
  mtu: z
    .int()
    .min(576)
    .exactOptional()
    .describe("MTU in bytes of the link to the firewall that guards its subnet. Default: the subnet's."),
  passiveRange: ports
    .exactOptional()
    .describe(
      "The TCP ports from which it takes passive data ports. Default: those of the machine's server.",
    ),
  about: z.string().describe('What is unusual about it, in one sentence for people.'),
});

export const networkDefinition = z.strictObject({
  subnets: z.record(networkName, range).describe('The usual range of each.'),
  firewalls: z.record(networkName, firewall),
  hosts: z.record(networkName, host),
  staged: z.record(networkName, stagedServer).exactOptional().describe('Further servers on the machines.'),
});

/** A network: its subnets, the firewalls that join them, and its hosts. Addresses are host numbers; an address plan gives them ranges. */
export interface NetworkDefinition extends Data<typeof networkDefinition> {}

/** One interface of a firewall. */
export type Leg = NetworkDefinition['firewalls'][string]['legs'][string];
export type FirewallDefinition = NetworkDefinition['firewalls'][string];
export type HostDefinition = NetworkDefinition['hosts'][string];
export type StagedServer = NonNullable<NetworkDefinition['staged']>[string];

/** TCP ports from which a server takes passive data ports: first and last, both included. */
export type PortRange = readonly [first: number, last: number];

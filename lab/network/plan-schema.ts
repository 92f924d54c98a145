/* The schema of an address plan, which documents carry. */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Data } from '../data.ts';
import { allServerNames, clientNames, firewallNames, machineNames, subnetNames } from './topology.ts';

/** The two sides of a firewall; also its interfaces' names, unless the plan says otherwise. */
export const sides = ['inside', 'outside'] as const;
export type Side = (typeof sides)[number];

/** A place with one address in one subnet. A subnet's gateway belongs to Docker; no lab host uses it. */
const place = z.enum([
  ...new Set([
    ...clientNames,
    ...allServerNames,
    ...firewallNames.flatMap((name) => sides.map((side) => `${name}/${side}` as const)),
    ...subnetNames.map((name) => `gateway/${name}` as const),
  ]),
]);
export type Place = z.infer<typeof place>;

const subnet = z
  .string()
  .refine((text) => ipaddr.IPv4.isValidCIDR(text), 'expected an IPv4 range such as 192.168.10.0/24');

export const addressPlan = z.strictObject({
  slot: z.int(),
  subnets: z.record(z.enum(subnetNames), subnet).describe('CIDR notation.'),
  numbers: z
    .partialRecord(place, z.int().min(1))
    .exactOptional()
    .describe('Host numbers of those that do not have their usual one.'),
  interfaces: z
    .partialRecord(z.enum(firewallNames), z.partialRecord(z.enum(sides), z.string()))
    .exactOptional()
    .describe("What a firewall's interfaces are called, if not inside and outside."),
  hostInterfaces: z
    .partialRecord(z.enum(machineNames), z.string())
    .exactOptional()
    .describe("What a client's or server's interface is called, if not eth0."),
});

/**
 * The range of each subnet. Labs side by side on one engine have different slots, and so different addresses. Slot 0
 * uses 192.168.10.0/24, 192.168.20.0/24 and 198.51.100.0/24 (TEST-NET-2, RFC 5737); the others use 192.168.30.0/24 and
 * up with 198.18.n.0/24 (RFC 2544). For a user's own ranges see own-addresses.ts.
 */
export interface AddressPlan extends Data<typeof addressPlan> {}

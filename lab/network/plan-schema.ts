/* The schema of an address plan, which documents carry. */
import { z } from 'zod';
import type { Data } from '../data.ts';
import { address6, networkName, range, range6 } from './definition.ts';

/**
 * A place with one address in one subnet: `vsftpd`, `isa-y/inside`, `gateway/x`. A subnet's gateway belongs to Docker; no lab host uses
 * it.
 */
const place = z.string().regex(/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/);
export type Place = z.infer<typeof place>;

export const addressPlan = z.strictObject({
  slot: z.int(),
  subnets: z.record(networkName, range).describe('CIDR notation.'),
  numbers: z
    .record(place, z.int().min(1))
    .exactOptional()
    .describe('Host numbers of those that do not have their usual one.'),
  subnets6: z
    .record(networkName, range6)
    .exactOptional()
    .describe("A user's own IPv6 ranges in CIDR notation; another subnet has 2001:db8:0:NUMBER::/64."),
  addresses6: z
    .record(place, address6)
    .exactOptional()
    .describe('IPv6 addresses of those that do not have their number in the range.'),
  interfaces: z
    .record(networkName, z.record(networkName, z.string()))
    .exactOptional()
    .describe("What a firewall's interfaces are called, by leg, if not like the leg."),
  hostInterfaces: z
    .record(networkName, z.string())
    .exactOptional()
    .describe("What a client's or server's interface is called, if not eth0."),
  ipv6: z
    .literal(false)
    .exactOptional()
    .describe('The hosts have no IPv6, as the kernel that runs them has none.'),
});

/**
 * The range of each subnet. Labs side by side on one engine have different slots, and so different addresses. Slot 0
 * has the network's usual ranges; in the shipped one 192.168.10.0/24, 192.168.20.0/24 and 198.51.100.0/24 (TEST-NET-2, RFC 5737). For a
 * user's own ranges see own-addresses.ts.
 */
export interface AddressPlan extends Data<typeof addressPlan> {}

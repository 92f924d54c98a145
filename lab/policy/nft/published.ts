/* Where clients outside a firewall call a server behind it: what `dnat` statements of its nft rules publish. */
import ipaddr from 'ipaddr.js';
import { type AddressPlan, addressOf, overlaps } from '../../network/address-plan.ts';
import {
  allServerNames,
  type FirewallName,
  guardOf,
  portOf,
  type ServerName,
} from '../../network/topology.ts';
import { type CalledAt, everybody, outsideOfFirewall, portToCall } from '../published.ts';
import { isOneOf } from '../upload-path.ts';
import { askedBy } from './asked.ts';
import type { Json, NftRule, NftRuleset } from './listing.ts';
import { asPattern, isOfInterface, rangeOf } from './met.ts';

/** Where a `dnat` sends what it matches. */
interface Destination {
  readonly address: string;
  /** `undefined`: the port that was called. */
  readonly port: number | undefined;
  /** The port that was called, if the address was looked up by it. */
  readonly called: Json | undefined;
}

/** Servers behind a firewall, each with the first place at which a rule that uploads can meet publishes it. */
export function publishedByNft(
  ruleset: NftRuleset,
  plan: AddressPlan,
  firewall: FirewallName,
): ReadonlyMap<ServerName, CalledAt> {
  const published = new Map<ServerName, CalledAt>();
  const { device: outside, address: ownAddress, range } = outsideOfFirewall(plan, firewall);
  const others = everybody(plan);
  const behind = allServerNames().filter((server) => guardOf(server) === firewall);
  for (const rule of ruleset.rules) {
    const destinations = destinationsOf(rule, ruleset);
    if (destinations.length === 0) continue;
    const asked = askedBy(rule, ruleset).filter(({ denied }) => !denied);
    const answersTo = (of: (name: string) => boolean) =>
      asked.filter((one) => of(one.of) && !one.mapped).map(({ answers = [] }) => answers);
    if (!answersTo(isOfInterface).every((names) => names.some((name) => isOneOf(asPattern(name), [outside]))))
      continue;
    const called = answersTo((of) => of === 'ip daddr' || of === 'fib daddr').flat();
    const named = called.map((one) => `${one}`).find((one) => ipaddr.IPv4.isValidFourPartDecimal(one)) ?? '';
    const further = named !== '' && !others.has(named) && overlaps(range, named);
    const address = further ? named : ownAddress;
    if (called.length > 0 && !called.some((one) => holds(one, address))) continue;
    const [ports] = answersTo((of) => /^(?:tcp|th) dport$/.test(of));
    for (const { address: to, port: toPort, called: mapped } of destinations)
      for (const server of behind) {
        if (published.has(server) || to !== addressOf(plan, server)) continue;
        const ranges = (mapped === undefined ? ports : [mapped])?.map(rangeOf);
        const port = portToCall(ranges, portOf(server), toPort);
        if (port !== undefined) published.set(server, { address, port });
      }
  }
  return published;
}

function destinationsOf({ statements, table }: NftRule, { sets }: NftRuleset): Destination[] {
  return statements.flatMap((statement) => {
    const dnat = statement.dnat as { addr?: Json; port?: Json } | undefined;
    if (!dnat) return [];
    const map = (dnat.addr as { map?: { key: Json; data: Json } } | undefined)?.map;
    const own = typeof dnat.port === 'number' ? dnat.port : undefined;
    if (!map)
      return typeof dnat.addr === 'string' ? [{ address: dnat.addr, port: own, called: undefined }] : [];
    const { data } = map;
    const pairs =
      typeof data === 'string'
        ? sets.find((set) => set.table === table && `@${set.name}` === data)?.elements
        : (data as { set?: Json[] }).set;
    return (pairs ?? []).flatMap((pair) => {
      if (!Array.isArray(pair)) return [];
      const [key, value] = pair.map((one) => (one as { elem?: { val: Json } } | null)?.elem?.val ?? one);
      const parts = ((value as { concat?: Json[] }).concat ?? [value]) as Json[];
      const keys = ((key as { concat?: Json[] }).concat ?? [key]) as Json[];
      const called = keys.find((one) => !Number.isNaN(rangeOf(one)[0]));
      return [{ address: `${parts[0]}`, port: parts[1] === undefined ? own : Number(parts[1]), called }];
    });
  });
}

/** Whether a value is an address, or holds it. */
function holds(value: Json, address: string): boolean {
  const { prefix, range } = (value ?? {}) as { prefix?: { addr: string; len: number }; range?: string[] };
  if (prefix) return overlaps(`${prefix.addr}/${prefix.len}`, address);
  if (range) return true;
  return value === address;
}

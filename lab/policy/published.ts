/* Where clients outside a firewall call a server behind it: what DNAT rules of the firewall publish. */
import {
  type AddressPlan,
  addressOf,
  firewallAddress,
  interfaceOf,
  overlaps,
} from '../network/address-plan.ts';
import { allServerNames, type FirewallName, guardOf, portOf, type ServerName } from '../network/topology.ts';
import type { SavedTable } from './iptables-save.ts';
import { affirmed, targetOf, valuesOf } from './iptables-syntax.ts';
import { isOneOf, namedInterfaces, reachedFrom } from './upload-path.ts';

/** Where a server's control connection is called. */
export interface CalledAt {
  /** IPv4. */
  readonly address: string;
  /** TCP. */
  readonly port: number;
}

/**
 * The servers behind a firewall that its rules publish at its outside address, each with the first place at which it is published
 * (iptables-extensions(8), DNAT). Jumps count as taken, whatever they match.
 */
export function publishedBy(
  tables: readonly SavedTable[],
  plan: AddressPlan,
  firewall: FirewallName,
): ReadonlyMap<ServerName, CalledAt> {
  const nat = tables.find(({ name }) => name === 'nat');
  const published = new Map<ServerName, CalledAt>();
  if (!nat) return published;
  const outside = interfaceOf(plan, firewall, 'outside');
  const address = firewallAddress(plan, firewall, 'outside');
  const reached = reachedFrom(nat, ['PREROUTING']);
  const behind = allServerNames.filter((server) => guardOf(server) === firewall);
  for (const { chain, options } of nat.rules) {
    const own = affirmed(options);
    if (!reached.has(chain) || targetOf(options) !== 'DNAT') continue;
    if (!namedInterfaces(own).every((name) => isOneOf(name, [outside]))) continue;
    if (!valuesOf(own, '-d', '--destination').every((range) => overlaps(range, address))) continue;
    const [to = '', toPort] = (wordAfter(own, '--to-destination') ?? '').split(':');
    for (const server of behind) {
      if (published.has(server) || to !== addressOf(plan, server)) continue;
      const port = portFor(own, portOf(server), toPort);
      if (port !== undefined) published.set(server, { address, port });
    }
  }
  return published;
}

/** The port to call, so that a rule makes `control` of it. */
function portFor(
  options: readonly string[],
  control: number,
  toPort: string | undefined,
): number | undefined {
  const ports =
    wordAfter(options, '--dport') ??
    wordAfter(options, '--destination-port') ??
    wordAfter(options, '--dports');
  const ranges = ports?.split(',').map((range) => range.split(':').map(Number));
  if (toPort === undefined) {
    const covered = ranges?.some(([first = NaN, last = first]) => first <= control && control <= last);
    return covered === false ? undefined : control;
  }
  if (toPort !== String(control)) return undefined;
  return ranges?.[0]?.[0] ?? control;
}

function wordAfter(options: readonly string[], name: string): string | undefined {
  const at = options.indexOf(name);
  return at < 0 ? undefined : options[at + 1];
}

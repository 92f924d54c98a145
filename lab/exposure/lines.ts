import ipaddr from 'ipaddr.js';
import { type AddressPlan, addressOf } from '../network/address-plan.ts';
import {
  allServerNames,
  type ClientName,
  clientNames,
  type FirewallName,
  firewallNames,
  firewallOf,
  firewalls,
  type MachineName,
  placeOf,
  type ServerName,
  type SubnetName,
  subnetNames,
} from '../network/topology.ts';
import type { Line } from './exposure.ts';

type Host = ClientName | ServerName;

/** Every host that can be told from another by its address. */
export const everyHost: readonly Host[] = [...new Set([...clientNames, ...allServerNames])];

/** Who stands for a network: rules that name no host treat all of its hosts alike. */
export const representatives: Record<SubnetName, MachineName> = {
  x: 'x-workstation',
  y: 'y-server',
  external: 'vsftpd',
};

/**
 * The lines to probe under given rules (iptables-restore input, per firewall): each network towards each other one, and
 * External towards the firewalls' own addresses, which is where inbound NAT begins. Each network is represented by one
 * host, and besides by every host that an address in the rules tells from it, so that a hole for one host is not missed.
 */
export function linesUnder(iptables: Record<FirewallName, string>, plan: AddressPlan): Line[] {
  const text = firewallNames.map((name) => iptables[name]).join('\n');
  const sources = tellerOf(text, /(?:^|\s)(?:-s|--source|--src|--src-range)[ =](\S+)/g);
  const destinations = tellerOf(
    text,
    /(?:^|\s)(?:-d|--destination|--dst|--dst-range|--to-destination|--ctorigdst)[ =](\S+)/g,
  );
  const among = (network: SubnetName, tells: Teller) => {
    const first = representatives[network];
    const others = everyHost.filter((host) => placeOf(host).subnet === network && host !== first);
    return [first, ...others.filter((host) => tells(addressOf(plan, host), addressOf(plan, first)))];
  };
  const between = subnetNames.flatMap((from) =>
    subnetNames
      .filter((to) => to !== from)
      .flatMap((to) =>
        among(from, sources).flatMap((source) =>
          among(to, destinations).map((target): Line => {
            const crossed = [firewallOf(from), firewallOf(to)].filter((name) => name !== undefined);
            return { from: source, to: target, networks: [from, to], firewalls: crossed };
          }),
        ),
      ),
  );
  const own = among('external', sources).flatMap((from) =>
    firewallNames.map((to): Line => {
      return { from, to, networks: ['external', firewalls[to].inside.subnet], firewalls: [to] };
    }),
  );
  return [...between, ...own];
}

/** Whether some address in the rules holds one of two addresses and not the other. */
type Teller = (one: string, other: string) => boolean;

function tellerOf(text: string, option: RegExp): Teller {
  // What a set holds is not in the rules, so it may tell any two hosts apart.
  if (/--match-set\b/.test(text)) return () => true;
  const holders = [...new Set([...text.matchAll(option)].flatMap(([, words = '']) => words.split(',')))].map(
    holderOf,
  );
  return (one, other) => holders.some((holds) => holds(one) !== holds(other));
}

/** Whether a CIDR, an address with a mask or a range (`10.0.0.1-10.0.0.9`) holds an address; other words hold none. */
function holderOf(word: string): (address: string) => boolean {
  const [first = '', last] = word.split('-');
  if (last !== undefined) {
    const [low, high] = [numberOf(first), numberOf(last)];
    return (address) => numberOf(address) >= low && numberOf(address) <= high;
  }
  const [network = '', mask = '32'] = first.split('/');
  const prefix = mask.includes('.') ? maskLength(mask) : Number(mask);
  if (!ipaddr.IPv4.isValidFourPartDecimal(network) || prefix === null) return () => false;
  return (address) => ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parse(network), prefix);
}

function maskLength(mask: string): number | null {
  return ipaddr.IPv4.isValidFourPartDecimal(mask)
    ? ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask()
    : null;
}

function numberOf(address: string): number {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return Number.NaN;
  return ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, octet) => sum * 256 + octet, 0);
}

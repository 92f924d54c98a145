import type { Construct } from 'constructs';
import { LabError } from '../errors.ts';
import type { Side } from './address-book.ts';
import { type Leg, Machine } from './machine.ts';
import type { Numbered, Subnet } from './subnet.ts';

/** One interface of a firewall. */
export interface LegProps extends Numbered {
  readonly subnet: Subnet;
  /** The interface's name. */
  readonly interface: string;
  /** Whether it leads out. Of a firewall's legs, one does; every host behind the others has the firewall as its default route. */
  readonly outside?: boolean;
}

export interface FirewallProps {
  /** Two or more, towards different subnets. */
  readonly legs: readonly LegProps[];
}

/**
 * A firewall between subnets. Its rules are not part of the stack: it starts with forwarding denied, and rule sets
 * are loaded while it runs.
 */
export class Firewall extends Machine {
  constructor(scope: Construct, name: string, props: FirewallProps) {
    const legs = props.legs.map((leg) => ({ ...leg, ...leg.subnet.addressFor(name, leg) }));
    const outside = legs.find((leg) => leg.outside);
    const [first, ...others] = legs;
    if (first === undefined || outside === undefined)
      throw new LabError(
        'usage',
        'firewall-malformed',
        `Firewall ${name} has no leg that leads out`,
        'Give it at least two legs, and one of them outside: true.',
      );
    const { book } = first.subnet;
    super(scope, name, {
      image: 'firewall',
      legs: [first, ...others],
      known: outside,
      routes: () => book.routesOf(name),
      ready: 'firewall',
      // icmp_ratelimit 0: an ICMP REJECT must be visible at once, not after a second (icmp(7)).
      sysctls: { 'net.ipv4.ip_forward': '1', 'net.ipv4.icmp_ratelimit': '0' },
      sysctlsForIPv6: { 'net.ipv6.conf.all.forwarding': '1', 'net.ipv6.icmp.ratelimit': '0' },
      env: { LAB_LEGS: legs.map((leg) => `${leg.interface}=${leg.address}`).join(' ') },
    });
    book.gateways.push({
      name,
      inner: legs.filter((leg) => leg !== outside).map((leg) => ({ ...sideOf(leg), device: leg.interface })),
      outside: sideOf(outside),
    });
  }
}

function sideOf({ subnet, address, address6 }: Leg): Side {
  return { cidr: subnet.cidr, address, cidr6: subnet.cidr6, address6 };
}

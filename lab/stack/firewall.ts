import type { Construct } from 'constructs';
import { Machine } from './machine.ts';
import type { Subnet } from './subnet.ts';

/** One side of a firewall. */
export interface SideProps {
  readonly subnet: Subnet;
  readonly number: number;
  /** The interface's name. Default: `inside` or `outside`. */
  readonly interface?: string;
}

export interface FirewallProps {
  /** The side that it guards; every host in that subnet has it as its default route. */
  readonly inside: SideProps;
  readonly outside: SideProps;
}

/**
 * A firewall between two subnets. Its rules are not part of the stack: it starts with forwarding denied, and rule sets
 * are loaded while it runs.
 */
export class Firewall extends Machine {
  constructor(scope: Construct, name: string, { inside, outside }: FirewallProps) {
    const insideAddress = inside.subnet.addressFor(name, inside.number);
    const outsideAddress = outside.subnet.addressFor(name, outside.number);
    const { book } = inside.subnet;
    super(scope, name, {
      image: 'firewall',
      legs: [
        { subnet: inside.subnet, address: insideAddress },
        { subnet: outside.subnet, address: outsideAddress },
      ],
      address: outsideAddress,
      routes: () => book.routesOf(name),
      ready: 'firewall',
      // icmp_ratelimit 0: an ICMP REJECT must be visible at once, not after a second (icmp(7)).
      sysctls: { 'net.ipv4.ip_forward': '1', 'net.ipv4.icmp_ratelimit': '0' },
      env: {
        LAB_INSIDE: `${inside.interface ?? 'inside'}=${insideAddress}`,
        LAB_OUTSIDE: `${outside.interface ?? 'outside'}=${outsideAddress}`,
      },
    });
    book.gateways.push({
      name,
      inside: {
        cidr: inside.subnet.cidr,
        address: insideAddress,
        device: inside.interface ?? 'inside',
      },
      outside: { cidr: outside.subnet.cidr, address: outsideAddress },
    });
  }
}

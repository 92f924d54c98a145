import { LabError } from '../errors.ts';
import { overlaps, range6 } from '../network/address-plan.ts';
import { nameOfBoth } from '../network/family.ts';
import { checkLabName } from './lab-name.ts';

/** What a firewall's neighbours must know about it: the subnets that it guards, and its address outside. */
export interface Gateway {
  readonly name: string;
  /** Its legs that do not lead out; `device`: the name of the interface. */
  readonly inner: readonly (Side & { readonly device: string })[];
  readonly outside: Side;
}

/** What a host has in a subnet, by IPv4 and by IPv6. */
export interface Addresses {
  readonly address: string;
  readonly address6: string;
}

/** A subnet, and a firewall's addresses there. */
export interface Side extends Addresses {
  readonly cidr: string;
  readonly cidr6: string;
}

/** A host behind a link with a smaller MTU than its subnet's. */
export interface NarrowLink extends Addresses {
  readonly cidr: string;
  /** In bytes. */
  readonly mtu: number;
}

/**
 * All addresses and names of one lab. Every construct registers here. Rejects overlapping subnets and an address or
 * name that is used twice, with LabError `usage`.
 */
export class AddressBook {
  readonly gateways: Gateway[] = [];
  readonly narrowLinks: NarrowLink[] = [];
  readonly #subnets = new Map<string, readonly string[]>();
  readonly #owners = new Map<string, string>();
  readonly #hosts = new Map<string, Addresses>();

  constructor(
    readonly lab: string,
    readonly slot: number,
    /** Whether hosts have IPv6 addresses as well. */
    readonly ipv6 = true,
  ) {
    checkLabName(lab);
  }

  /** Registers a subnet's ranges; returns the IPv6 one. */
  addSubnet(name: string, cidr: string, cidr6 = range6(this.#subnets.size + 1)): string {
    for (const own of [cidr, cidr6])
      for (const [other, ranges] of this.#subnets)
        for (const taken of ranges)
          if (overlaps(own, taken))
            throw new LabError(
              'usage',
              'subnets-overlap',
              `Subnet ${name} (${own}) overlaps subnet ${other} (${taken})`,
              'Give each subnet a range of its own.',
            );
    this.#subnets.set(name, [cidr, cidr6]);
    return cidr6;
  }

  /** Reserves an address. A firewall reserves two; the last one is the address of `host`. */
  claim(host: string, address: string): void {
    const owner = this.#owners.get(address);
    if (owner !== undefined)
      throw new LabError(
        'usage',
        'address-taken',
        `${host} cannot have ${address}: ${owner} has it`,
        `Give ${host} another host number.`,
      );
    this.#owners.set(address, host);
  }

  /** The addresses by which other hosts know `host`. */
  publish(host: string, addresses: Addresses): void {
    this.#hosts.set(host, addresses);
  }

  /**
   * Every host's name and address, for /etc/hosts, and a second name that has both addresses; sorted by name, so that the order of
   * creation does not matter.
   */
  hosts(): { readonly host: string; readonly ip: string }[] {
    return [...this.#hosts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([host, { address, address6 }]) => [
        { host, ip: address },
        ...(this.ipv6 ? [address, address6].map((ip) => ({ host: nameOfBoth(host), ip })) : []),
      ]);
  }

  /** Of arguments of `ip route replace`, those that this lab's hosts can take. */
  #possible(routes: readonly string[]): string[] {
    return this.ipv6 ? [...routes] : routes.filter((route) => !route.includes(':'));
  }

  /**
   * The routes of a host in a subnet, as arguments of `ip route replace`: to each subnet behind a firewall that leads out into it, and
   * behind a firewall a default route through that. In the outermost subnet there is no default route.
   */
  routesFrom(cidr: string): string[] {
    return this.#possible([...this.#routesInto(cidr), ...this.#defaultFrom(cidr)]);
  }

  /**
   * The routes of a firewall, as of a host in each of its subnets, and to each host that
   * it guards behind a link with a small MTU. A locked MTU also applies to forwarded packets (ip-route(8), "mtu lock").
   */
  routesOf(firewall: string): string[] {
    const own = this.gateways.find((gateway) => gateway.name === firewall);
    if (own === undefined) return [];
    const narrow = own.inner.flatMap(({ cidr, device }) =>
      this.narrowLinks
        .filter((link) => link.cidr === cidr)
        .flatMap(({ address, address6, mtu }) =>
          [address, address6].map((one) => `${one} dev ${device} mtu lock ${mtu}`),
        ),
    );
    return this.#possible([
      ...[...own.inner, own.outside].flatMap(({ cidr }) => this.#routesInto(cidr, own)),
      ...this.#defaultFrom(own.outside.cidr),
      ...narrow,
    ]);
  }

  #routesInto(cidr: string, without?: Gateway): string[] {
    return this.gateways
      .filter((gateway) => gateway !== without && gateway.outside.cidr === cidr)
      .flatMap((gateway) =>
        this.#behind(gateway).flatMap(({ cidr: far, cidr6: far6 }) => [
          `${far} via ${gateway.outside.address}`,
          `${far6} via ${gateway.outside.address6}`,
        ]),
      );
  }

  #defaultFrom(cidr: string): string[] {
    return this.gateways
      .flatMap(({ inner }) => inner)
      .filter((leg) => leg.cidr === cidr)
      .flatMap(({ address, address6 }) => [`default via ${address}`, `default via ${address6}`]);
  }

  /** The subnets behind a firewall, those behind further firewalls included. */
  #behind({ inner }: Gateway): Side[] {
    return inner.flatMap((leg) => [
      leg,
      ...this.gateways
        .filter(({ outside }) => outside.cidr === leg.cidr)
        .flatMap((next) => this.#behind(next)),
    ]);
  }
}

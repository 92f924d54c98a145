import { Network } from '@cdktf/provider-docker/lib/network/index.js';
import { Construct } from 'constructs';
import ipaddr from 'ipaddr.js';
import { LabError } from '../errors.ts';
import { hostAddress, lastHostNumber } from '../network/address-plan.ts';
import type { AddressBook, Addresses } from './address-book.ts';
import { dockerName, labels } from './labels.ts';

export interface SubnetProps {
  readonly book: AddressBook;
  /** IPv4 range in CIDR notation. */
  readonly cidr: string;
  /**
   * IPv6 range in CIDR notation. Docker is not told of it: only the hosts have addresses of it, which the images' entry point sets, so
   * this machine and its Docker need no IPv6. Default: the next range that no subnet of the lab has.
   */
  readonly cidr6?: string;
  /** The host number that belongs to Docker; no lab host uses it. Default: the last one. */
  readonly gateway?: number;
}

/** Which of a subnet's addresses a host has. */
export interface Numbered {
  /** Host number in the subnet: the last octet of its address in a /24. */
  readonly number: number;
  /** Its IPv6 address. Default: the one of its number. */
  readonly address6?: string;
}

/**
 * A network segment: a bridge without masquerading and without an address of this machine, so that the lab's firewalls
 * are the only way out. Not `internal`: Docker's isolation rules would drop what the firewalls route.
 */
export class Subnet extends Construct {
  readonly book: AddressBook;
  readonly cidr: string;
  readonly cidr6: string;
  /** Docker's name of the network, as a reference to it. */
  readonly networkName: string;

  constructor(scope: Construct, name: string, props: SubnetProps) {
    super(scope, name);
    this.book = props.book;
    this.cidr = props.cidr;
    if (!isRange(props.cidr))
      throw new LabError(
        'usage',
        'bad-subnet',
        `Subnet ${name} cannot have "${props.cidr}": that is not an IPv4 range in CIDR notation`,
        `Write it as address and prefix length, such as "192.168.30.0/24".`,
      );
    this.cidr6 = this.book.addSubnet(name, props.cidr, props.cidr6);
    const gateway = hostAddress(props.cidr, props.gateway ?? lastHostNumber(props.cidr));
    this.book.claim("Docker's gateway", gateway);
    const network = new Network(this, 'network', {
      name: dockerName(this.book.lab, name),
      driver: 'bridge',
      options: {
        'com.docker.network.bridge.enable_ip_masquerade': 'false',
        'com.docker.network.bridge.inhibit_ipv4': 'true',
        // Otherwise Docker 28 drops what a bridge carries for an address of another network, hence all that a firewall is to route.
        'com.docker.network.bridge.gateway_mode_ipv4': 'routed',
      },
      ipamConfig: [{ subnet: props.cidr, gateway }],
      labels: [
        { label: labels.lab, value: this.book.lab },
        { label: labels.slot, value: String(this.book.slot) },
        { label: labels.host, value: name },
      ],
    });
    network.overrideLogicalId(name);
    this.networkName = network.name;
  }

  /** Addresses of host number `number` for `host`, or this IPv6 one. Throws LabError `usage` if the subnet does not hold the number. */
  addressFor(host: string, { number, address6 = hostAddress(this.cidr6, number) }: Numbered): Addresses {
    try {
      return { address: hostAddress(this.cidr, number), address6 };
    } catch (error) {
      throw new LabError(
        'usage',
        'host-outside-subnet',
        `${host} cannot be in subnet ${this.node.id}: ${(error as RangeError).message}`,
        `Host numbers there run from 1 to ${lastHostNumber(this.cidr) - 1}.`,
        { cause: error },
      );
    }
  }
}

/** Whether the text is an IPv4 CIDR without host bits, which Docker and the routes read as the same range. */
function isRange(cidr: string): boolean {
  if (!ipaddr.IPv4.isValidCIDR(cidr)) return false;
  return `${ipaddr.IPv4.networkAddressFromCIDR(cidr)}/${cidr.split('/')[1]}` === cidr;
}

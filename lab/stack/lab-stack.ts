import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { type AddressPlan, interfaceOf, numberOf, type Place, rangeOf } from '../network/address-plan.ts';
import {
  firewallNames,
  legsOf,
  type MachineName,
  machineNamed,
  machineNames,
  outsideOf,
  type SubnetName,
  stagedNamed,
  stagedServerNames,
  subnetNames,
} from '../network/topology.ts';
import { AddressBook } from './address-book.ts';
import { Firewall } from './firewall.ts';
import { FtpClient, FtpServer } from './hosts.ts';
import { addDockerProvider } from './provider.ts';
import { type Numbered, Subnet } from './subnet.ts';

export interface LabStackProps {
  readonly plan: AddressPlan;
}

/** The network in use under a lab's name, which is also the stack's name. */
export class LabStack extends TerraformStack {
  readonly subnets: ReadonlyMap<SubnetName, Subnet>;

  constructor(scope: Construct, name: string, { plan }: LabStackProps) {
    const book = new AddressBook(name, plan.slot, plan.ipv6 ?? true);
    super(scope, name);
    addDockerProvider(this);
    this.subnets = new Map(
      subnetNames().map((subnet) => [
        subnet,
        new Subnet(this, subnet, {
          book,
          cidr: rangeOf(plan, subnet),
          cidr6: rangeOf(plan, subnet, 'ipv6'),
          gateway: numberOf(plan, `gateway/${subnet}`),
        }),
      ]),
    );
    for (const firewall of firewallNames())
      new Firewall(this, firewall, {
        legs: Object.entries(legsOf(firewall)).map(([leg, { subnet }]) => ({
          subnet: this.subnet(subnet),
          ...numbered(plan, `${firewall}/${leg}`),
          interface: interfaceOf(plan, firewall, leg),
          outside: leg === outsideOf(firewall),
        })),
      });
    for (const host of machineNames()) {
      const { subnet, image } = machineNamed(host);
      const props = {
        subnet: this.subnet(subnet),
        ...numbered(plan, host),
        image,
        interface: plan.hostInterfaces?.[host],
      };
      if (image === 'client') new FtpClient(this, host, props);
      else new FtpServer(this, host, { ...props, staged: stagedOn(host, plan) });
    }
  }

  subnet(name: SubnetName): Subnet {
    const subnet = this.subnets.get(name);
    if (subnet === undefined) throw new Error(`The lab has no subnet ${name}`);
    return subnet;
  }
}

function numbered(plan: AddressPlan, place: Place): Numbered {
  const address6 = plan.addresses6?.[place];
  return { number: numberOf(plan, place), ...(address6 !== undefined && { address6 }) };
}

function stagedOn(host: MachineName, plan: AddressPlan) {
  return stagedServerNames().flatMap((name) => {
    const server = stagedNamed(name);
    return server?.on === host ? [{ name, ...server, ...numbered(plan, name) }] : [];
  });
}

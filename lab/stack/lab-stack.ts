import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { type AddressPlan, interfaceOf, numberOf, type Side } from '../network/address-plan.ts';
import {
  firewallNames,
  firewalls,
  hosts,
  type MachineName,
  type StagedServer,
  type SubnetName,
  staged,
  stagedServerNames,
} from '../network/topology.ts';
import { AddressBook } from './address-book.ts';
import { Firewall } from './firewall.ts';
import { FtpClient, FtpServer } from './hosts.ts';
import { addDockerProvider } from './provider.ts';
import { Subnet } from './subnet.ts';

export interface LabStackProps {
  readonly plan: AddressPlan;
}

/** The network of the original report under a lab's name, which is also the stack's name. */
export class LabStack extends TerraformStack {
  readonly subnets: Record<SubnetName, Subnet>;

  constructor(scope: Construct, name: string, { plan }: LabStackProps) {
    const book = new AddressBook(name, plan.slot);
    super(scope, name);
    addDockerProvider(this);
    const subnet = (name: SubnetName) =>
      new Subnet(this, name, { book, cidr: plan.subnets[name], gateway: numberOf(plan, `gateway/${name}`) });
    this.subnets = { x: subnet('x'), y: subnet('y'), external: subnet('external') };
    for (const firewall of firewallNames) {
      const side = (name: Side) => ({
        subnet: this.subnets[firewalls[firewall][name].subnet],
        number: numberOf(plan, `${firewall}/${name}`),
        interface: interfaceOf(plan, firewall, name),
      });
      new Firewall(this, firewall, { inside: side('inside'), outside: side('outside') });
    }
    for (const [name, { subnet, image }] of Object.entries(hosts)) {
      const host = name as MachineName;
      const props = {
        subnet: this.subnets[subnet],
        number: numberOf(plan, host),
        image,
        interface: plan.hostInterfaces?.[host],
      };
      if (image === 'client') new FtpClient(this, host, props);
      else new FtpServer(this, host, { ...props, staged: stagedOn(host, plan) });
    }
  }
}

function stagedOn(host: MachineName, plan: AddressPlan) {
  return stagedServerNames
    .filter((name) => staged[name].on === host)
    .map((name) => {
      const server: StagedServer = staged[name];
      return { name, ...server, number: numberOf(plan, name) };
    });
}

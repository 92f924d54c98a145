import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { AddressPlan } from '../network/address-plan.ts';
import {
  firewallNames,
  firewalls,
  hosts,
  type StagedServer,
  type SubnetName,
  staged,
} from '../network/topology.ts';
import { AddressBook } from './address-book.ts';
import { Firewall } from './firewall.ts';
import { FtpClient, FtpServer } from './hosts.ts';
import { addDockerProvider } from './provider.ts';
import { Subnet } from './subnet.ts';

export interface LabStackProps {
  readonly plan: AddressPlan;
}

/** The network of the report under a lab's name, which is the stack's name too. */
export class LabStack extends TerraformStack {
  readonly subnets: Record<SubnetName, Subnet>;

  constructor(scope: Construct, name: string, { plan }: LabStackProps) {
    const book = new AddressBook(name, plan.slot);
    super(scope, name);
    addDockerProvider(this);
    this.subnets = {
      x: new Subnet(this, 'x', { book, cidr: plan.subnets.x }),
      y: new Subnet(this, 'y', { book, cidr: plan.subnets.y }),
      external: new Subnet(this, 'external', { book, cidr: plan.subnets.external }),
    };
    for (const firewall of firewallNames) {
      const { inside, outside } = firewalls[firewall];
      new Firewall(this, firewall, {
        inside: { subnet: this.subnets[inside.subnet], number: inside.number },
        outside: { subnet: this.subnets[outside.subnet], number: outside.number },
      });
    }
    for (const [host, { subnet, number, image }] of Object.entries(hosts)) {
      const props = { subnet: this.subnets[subnet], number, image };
      if (image === 'client') new FtpClient(this, host, props);
      else new FtpServer(this, host, { ...props, staged: stagedOn(host) });
    }
  }
}

function stagedOn(host: string) {
  return Object.entries<StagedServer>(staged)
    .filter(([, { on }]) => on === host)
    .map(([name, server]) => ({ name, ...server }));
}

import type { Construct } from 'constructs';
import { addressPlan } from '../lab/network/address-plan.ts';
import { Firewall } from '../lab/stack/firewall.ts';
import { FtpClient } from '../lab/stack/hosts.ts';
import { LabStack } from '../lab/stack/lab-stack.ts';
import { Subnet } from '../lab/stack/subnet.ts';

/** The original lab with a third subnet, `z`, behind its own firewall, and a workstation in it. */
export class ThirdSubnet extends LabStack {
  constructor(scope: Construct, name: string, slot = 0) {
    super(scope, name, { plan: addressPlan(slot) });
    const z = new Subnet(this, 'z', { book: this.subnet('x').book, cidr: '192.168.240.0/24' });
    new Firewall(this, 'isa-z', {
      legs: [
        { subnet: z, number: 1, interface: 'inside' },
        { subnet: this.subnet('external'), number: 4, interface: 'outside', outside: true },
      ],
    });
    new FtpClient(this, 'z-workstation', { subnet: z, number: 10, image: 'client' });
  }
}

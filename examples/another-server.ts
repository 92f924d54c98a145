import type { Construct } from 'constructs';
import { addressPlan } from '../lab/network/address-plan.ts';
import { FtpServer } from '../lab/stack/hosts.ts';
import { LabStack } from '../lab/stack/lab-stack.ts';

/** The original lab with one more server on External and one in X. */
export class AnotherServer extends LabStack {
  constructor(scope: Construct, name: string, slot = 0) {
    super(scope, name, { plan: addressPlan(slot) });
    new FtpServer(this, 'partner', { subnet: this.subnet('external'), number: 140, image: 'vsftpd' });
    new FtpServer(this, 'x-server', { subnet: this.subnet('x'), number: 20, image: 'pure-ftpd' });
  }
}

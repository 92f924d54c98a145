import type { Construct } from 'constructs';
import type { ImageName } from '../network/topology.ts';
import type { Readiness } from './labels.ts';
import { Machine } from './machine.ts';
import type { Subnet } from './subnet.ts';

export interface HostProps {
  readonly subnet: Subnet;
  /** Host number in the subnet: the last octet of its address in a /24. */
  readonly number: number;
  readonly image: ImageName;
}

function oneLegged(name: string, props: HostProps, ready: Readiness) {
  const { subnet } = props;
  const address = subnet.addressFor(name, props.number);
  return {
    image: props.image,
    legs: [{ subnet, address }] as const,
    address,
    routes: () => subnet.book.routesFrom(subnet.cidr),
    ready,
  };
}

/** A host that uploads. */
export class FtpClient extends Machine {
  constructor(scope: Construct, name: string, props: HostProps) {
    super(scope, name, oneLegged(name, props, 'routes'));
  }
}

/** A host whose image runs an FTP daemon; the lab is up only once it greets. */
export class FtpServer extends Machine {
  constructor(scope: Construct, name: string, props: HostProps) {
    super(scope, name, oneLegged(name, props, 'ftp'));
  }
}

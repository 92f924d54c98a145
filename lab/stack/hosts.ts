import type { Construct } from 'constructs';
import type { ImageName } from '../network/topology.ts';
import type { Readiness } from './labels.ts';
import { writableOnServers } from './limits.ts';
import { Machine } from './machine.ts';
import type { Numbered, Subnet } from './subnet.ts';

export interface HostProps extends Numbered {
  readonly subnet: Subnet;
  readonly image: ImageName;
  /** What its interface is called. Default: `eth0`. */
  readonly interface?: string | undefined;
}

/** An additional server in a server's container. */
export interface StagedProps extends Numbered {
  readonly name: string;
  /** TCP port of the control connection. */
  readonly port: number;
  /** MTU in bytes of the link to the firewall that guards its subnet. Default: the subnet's MTU. */
  readonly mtu?: number;
}

export interface ServerProps extends HostProps {
  /** Servers in the same container, each with its own address; see lab-staged in lab/engine/images. */
  readonly staged?: readonly StagedProps[];
}

function oneLegged(name: string, props: HostProps, ready: Readiness) {
  const { subnet } = props;
  const addresses = subnet.addressFor(name, props);
  return {
    image: props.image,
    legs: [{ subnet, ...addresses }] as const,
    known: addresses,
    routes: () => subnet.book.routesFrom(subnet.cidr),
    ready,
    env: props.interface === undefined ? {} : { LAB_INTERFACE: props.interface },
  };
}

/** A host that uploads. */
export class FtpClient extends Machine {
  constructor(scope: Construct, name: string, props: HostProps) {
    super(scope, name, oneLegged(name, props, 'routes'));
  }
}

/** A host whose image runs one or more FTP daemons; the lab counts as up only after each of them has greeted. */
export class FtpServer extends Machine {
  constructor(scope: Construct, name: string, { staged = [], ...props }: ServerProps) {
    const { subnet } = props;
    const daemons = staged.map((daemon) => ({
      ...daemon,
      ...subnet.addressFor(daemon.name, daemon),
    }));
    const env = daemons.map((daemon) => `${daemon.name}=${daemon.address}:${daemon.port}`).join(' ');
    const machine = oneLegged(name, props, 'ftp');
    super(scope, name, {
      ...machine,
      env: { ...machine.env, ...(env !== '' && { LAB_STAGED: env }) },
      writable: writableOnServers,
      further: daemons,
    });
    for (const daemon of daemons) {
      for (const one of [daemon.address, daemon.address6]) subnet.book.claim(daemon.name, one);
      subnet.book.publish(daemon.name, daemon);
      if (daemon.mtu !== undefined)
        subnet.book.narrowLinks.push({ ...daemon, cidr: subnet.cidr, mtu: daemon.mtu });
    }
  }
}

import { called, type Names } from '../../model/names.ts';
import { type AddressPlan, addressOf, firewallAddress } from '../../network/address-plan.ts';
import {
  clientNames,
  type FirewallName,
  firewallNames,
  firewalls,
  hosts,
  type MachineName,
  type PortRange,
  passiveRanges,
  type SubnetName,
  serverNames,
  type UsualServerName,
} from '../../network/topology.ts';

/** A client or server as drawings show it. One host may be both. */
export interface DrawnHost {
  readonly name: MachineName;
  /** What it is called. */
  readonly title: string;
  readonly address: string;
  readonly isClient: boolean;
  /** The TCP ports from which it takes passive data ports; `null` for a host that is not a server. */
  readonly passivePorts: PortRange | null;
}

export interface DrawnSubnet {
  readonly name: SubnetName;
  /** As people call it: `X`, `Y`, `External`. */
  readonly title: string;
  readonly cidr: string;
  readonly hosts: readonly DrawnHost[];
}

export interface DrawnFirewall {
  readonly name: FirewallName;
  /** What it is called. */
  readonly title: string;
  /** Its address in the subnet that it guards, and its address in External. */
  readonly inside: string;
  readonly outside: string;
  readonly guards: DrawnSubnet;
}

/** The network as every drawing shows it: the guarded subnets with their firewalls above, External below. */
export interface Diagram {
  readonly firewalls: readonly DrawnFirewall[];
  readonly external: DrawnSubnet;
}

/** The network with the addresses of a plan. `names`: what hosts are called. */
export function diagramOf(plan: AddressPlan, names: Names | undefined): Diagram {
  return {
    firewalls: firewallNames.map((name) => ({
      name,
      title: called(name, names),
      inside: firewallAddress(plan, name, 'inside'),
      outside: firewallAddress(plan, name, 'outside'),
      guards: subnetOf(plan, firewalls[name].inside.subnet, names),
    })),
    external: subnetOf(plan, 'external', names),
  };
}

const titles: Record<SubnetName, string> = { x: 'X', y: 'Y', external: 'External' };

function subnetOf(plan: AddressPlan, name: SubnetName, names: Names | undefined): DrawnSubnet {
  const members = (Object.keys(hosts) as MachineName[]).filter((host) => hosts[host].subnet === name);
  return {
    name,
    title: titles[name],
    cidr: plan.subnets[name],
    hosts: members.map((host) => ({
      name: host,
      title: called(host, names),
      address: addressOf(plan, host),
      isClient: clientNames.some((client) => client === host),
      passivePorts: isServer(host) ? passiveRanges[host] : null,
    })),
  };
}

function isServer(host: MachineName): host is UsualServerName {
  return serverNames.some((server) => server === host);
}

import { called, type Names } from '../../model/names.ts';
import {
  type AddressPlan,
  addressOf,
  legAddress,
  outsideAddress,
  rangeOf,
  subnetOf,
} from '../../network/address-plan.ts';
import { families } from '../../network/family.ts';
import {
  clientNames,
  type FirewallName,
  firewallNames,
  insidesOf,
  type MachineName,
  machineNamed,
  machineNames,
  outermost,
  outsideOf,
  type PortRange,
  passiveRangeOf,
  type SubnetName,
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
  /** As people call it: `X`, `DMZ`, `External`. */
  readonly title: string;
  /** In CIDR notation: of IPv4, and of IPv6 if the lab has it. */
  readonly ranges: readonly string[];
  readonly hosts: readonly DrawnHost[];
}

export interface DrawnFirewall {
  readonly name: FirewallName;
  /** What it is called. */
  readonly title: string;
  /** The subnets that it guards, with its address in each. */
  readonly guards: readonly { readonly subnet: DrawnSubnet; readonly address: string }[];
  /** The name of the subnet that it leads into, and its address there. */
  readonly outside: { readonly subnet: SubnetName; readonly address: string };
}

/** The network as every drawing shows it: the guarded subnets with their firewalls above, the outermost one below. */
export interface Diagram {
  readonly firewalls: readonly DrawnFirewall[];
  readonly outermost: DrawnSubnet;
}

/** The network with the addresses of a plan. `names`: what hosts are called. */
export function diagramOf(plan: AddressPlan, names: Names | undefined): Diagram {
  return {
    firewalls: firewallNames().map((name) => ({
      name,
      title: called(name, names),
      guards: insidesOf(name).map((leg) => ({
        subnet: drawnSubnet(plan, subnetOf(`${name}/${leg}`), names),
        address: legAddress(plan, name, leg),
      })),
      outside: {
        subnet: subnetOf(`${name}/${outsideOf(name)}`),
        address: outsideAddress(plan, name),
      },
    })),
    outermost: drawnSubnet(plan, outermost(), names),
  };
}

/** `X`, `DMZ`, `External`: a short name is an abbreviation. */
function titleOf(name: SubnetName): string {
  return name.length <= 3 ? name.toUpperCase() : name.charAt(0).toUpperCase() + name.slice(1);
}

function drawnSubnet(plan: AddressPlan, name: SubnetName, names: Names | undefined): DrawnSubnet {
  const members = machineNames().filter((host) => machineNamed(host).subnet === name);
  return {
    name,
    title: titleOf(name),
    ranges: families
      .filter((family) => family === 'ipv4' || plan.ipv6 !== false)
      .map((family) => rangeOf(plan, name, family)),
    hosts: members.map((host) => ({
      name: host,
      title: called(host, names),
      address: addressOf(plan, host),
      isClient: clientNames().includes(host),
      passivePorts: machineNamed(host).image === 'client' ? null : passiveRangeOf(host),
    })),
  };
}

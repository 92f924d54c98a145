import type { PortRange } from '../network/topology.ts';

/** A rule that lets a client's passive data connections to one server pass, as ISA Server and as iptables have it. */
export interface PassiveRangeRule {
  readonly isa: string;
  readonly iptables: string;
}

/** Opens `range` of one server, whose control port is `port`, to one client: CLIENT, which the reader puts in. */
export function passiveRangeRule(address: string, port: number, range: PortRange): PassiveRangeRule {
  return {
    isa: `protocol definition: primary TCP ${port} outbound, secondary TCP ${range.join('-')} outbound, no application filter; access rule: allow it from CLIENT to ${address}`,
    iptables: `-A FORWARD -s CLIENT -d ${address} -p tcp --dport ${range.join(':')} -m conntrack --ctstate NEW -j ACCEPT`,
  };
}

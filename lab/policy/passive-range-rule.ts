import type { PortRange } from '../network/topology.ts';

/** A rule that accepts a client's passive data connections to one server, in ISA Server's and in iptables' words. */
export interface PassiveRangeRule {
  readonly isa: string;
  readonly iptables: string;
}

/** Opens `range` of the server whose control port is `port` to one client. The reader replaces CLIENT. */
export function passiveRangeRule(address: string, port: number, range: PortRange): PassiveRangeRule {
  return {
    isa: `protocol definition: primary TCP ${port} outbound, secondary TCP ${range.join('-')} outbound, no application filter; access rule: allow it from CLIENT to ${address}`,
    iptables: `-A FORWARD -s CLIENT -d ${address} -p tcp --dport ${range.join(':')} -m conntrack --ctstate NEW -j ACCEPT`,
  };
}

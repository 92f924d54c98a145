import type { IptablesRuleSet } from '../../lab/model/rule-set.ts';
import { iptablesRules } from './shared.ts';

const tcp = '-p tcp -m comment --comment "All TCP" -j ACCEPT';

/** TCP passes both firewalls freely, and ICMP isa-y; `icmp` is what isa-x does about ICMP. */
export function narrowRules(name: string, description: string, icmp: string): IptablesRuleSet {
  return {
    name,
    description,
    iptables: {
      'isa-x': iptablesRules([icmp, tcp]),
      'isa-y': iptablesRules(['-p icmp -m comment --comment "All ICMP" -j ACCEPT', tcp]),
    },
  };
}

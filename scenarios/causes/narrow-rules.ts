import type { ScenarioRules } from '../shared.ts';
import { iptablesRules } from './shared.ts';

const tcp = '-p tcp -m comment --comment "All TCP" -j ACCEPT';

/** Both firewalls accept TCP, and isa-y accepts ICMP; `icmp` is isa-x's rule for ICMP. */
export function narrowRules(description: string, icmp: string): ScenarioRules {
  return {
    description,
    iptables: {
      'isa-x': iptablesRules([icmp, tcp]),
      'isa-y': iptablesRules(['-p icmp -m comment --comment "All ICMP" -j ACCEPT', tcp]),
    },
  };
}

import type { RuleMet } from '../../model/packet.ts';

/** A rule as it is shown beside its chain's name. */
export function ruleText({ rule, verdict, chain }: RuleMet): string {
  if (rule === null) return `policy ${verdict.toUpperCase()}`;
  // The chain is told already.
  return rule.startsWith(`-A ${chain} `) ? rule.slice(`-A ${chain} `.length) : rule;
}

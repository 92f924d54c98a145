import type { RuleMet } from '../../model/packet.ts';

/** A rule's text, as shown next to its chain's name. */
export function ruleText({ rule, verdict, chain }: RuleMet): string {
  if (rule === null) return `policy ${verdict.toUpperCase()}`;
  // The chain's name stands beside it already.
  return rule.startsWith(`-A ${chain} `) ? rule.slice(`-A ${chain} `.length) : rule;
}

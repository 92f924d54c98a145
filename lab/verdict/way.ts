import type { Verdict } from '../model/cell.ts';
import type { ConnectionPacket } from '../model/evidence.ts';
import { withoutCounters } from '../policy/iptables-syntax.ts';
import { wayToDecision } from '../policy/rule-lines.ts';
import type { Observation } from './finding.ts';

type Way = NonNullable<Verdict['way']>;

/** How a refused packet came to the rule or policy that decided; empty for a packet that none refused. */
export function wayOf(
  { firewall, met, decision, fate }: ConnectionPacket,
  lineOf: Observation['lineOf'],
): Way {
  if (fate !== 'refused' || !decision) return [];
  return wayToDecision(met, decision).map(({ table, chain, rule, comment }) => {
    const written = rule === null ? undefined : lineOf?.(firewall, { table, chain, rule });
    const text = (written && withoutCounters(written.text).trim()) ?? rule ?? decision.rule;
    return { table, chain, line: written?.line ?? null, rule: text, comment };
  });
}

/** `FORWARD line 26 -> LOGDROP line 3`; '' if no line of a file is known. */
export function wayInWords(way: Way = []): string {
  if (way.every(({ line }) => line === null)) return '';
  return way
    .map(({ chain, line, rule }) => `${chain} ${line === null ? policyOf(rule) : `line ${line}`}`)
    .join(' -> ');
}

function policyOf(rule: string): string {
  return rule.startsWith('policy ') ? 'policy' : 'a rule of no line';
}

import { called } from '../../../model/names.ts';
import type { RulesPlace } from '../../../network/topology.ts';
import type { ChainChange } from '../../../policy/chain-changes.ts';
import { type Sides, titleOf } from '../../sides.ts';
import { ruleChangeLines } from '../../text/rule-changes.ts';
import { fenced, prose } from './blocks.ts';

/** What changes at a place, chain by chain. */
export function shownChange(sides: Sides, firewall: RulesPlace, changes: readonly ChainChange[]): string[] {
  return [
    `On ${called(firewall, sides.names)}, chain by chain. Numbers are lines of ${prose(titleOf(sides.after))}, and of ${prose(titleOf(sides.before))} for lines that go:`,
    fenced(
      'diff',
      ruleChangeLines(changes)
        .map(({ sign, text }) => (sign === '@' ? `@@ ${text} @@` : `${sign} ${text}`))
        .join('\n'),
    ),
  ];
}

import type { FirewallRules } from '../../../model/rule-set.ts';
import { element } from './dom.ts';

/** The lines of a firewall's rules, without tables that hold no rules. */
export function ruleLines({ iptables, nft }: FirewallRules): string[] {
  const tables = iptables
    .split(/^(?=\*)/m)
    .filter((table) => /^-A |^:\S+ DROP/m.test(table))
    .flatMap((table) => table.split('\n'));
  return [...tables, ...(nft ?? '').split('\n')].filter((line) => line.trim() !== '' && line !== 'COMMIT');
}

/**
 * Rules as a list in which some lines are marked. `markOf` gives the reason in words, for readers who do not see the
 * colour.
 */
export function ruleList(
  rules: FirewallRules,
  markOf: (line: string) => string | null,
  style: 'decided' | 'only',
): HTMLElement {
  const lines = ruleLines(rules).map((line) => {
    const mark = markOf(line);
    if (mark !== null)
      return element('span', { class: style }, element('span', { class: 'aloud' }, `${mark}: `), line);
    return element('span', /^[*:#]/.test(line) ? { class: 'quiet' } : {}, line);
  });
  return element('pre', { class: 'rules', tabindex: '0' }, lines);
}

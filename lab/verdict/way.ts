import type { Verdict } from '../model/cell.ts';
import type { ConnectionPacket } from '../model/evidence.ts';
import { isOfIptables } from '../model/rule-text.ts';
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
  const way = wayToDecision(met, decision);
  // Packets come to nft's own tables from a hook; iptables' tables are all of the family ip.
  const family = way.some(({ hook }) => hook) && !decision.table.includes(' ') ? 'ip ' : '';
  return way.map(({ table, chain, rule, comment }) => {
    const written = rule === null ? undefined : lineOf?.(firewall, { table, chain, rule });
    const text = (written && plainText(written.text)) ?? rule ?? decision.rule;
    const { line = null, file } = written ?? {};
    return { table: `${family}${table}`, chain, line, ...(file && { file }), rule: text, comment };
  });
}

function plainText(text: string): string {
  return withoutCounters(text)
    .replace(/\bcounter packets \d+ bytes \d+/, 'counter')
    .trim();
}

/**
 * The rule that decided, as a verdict names it: its comment, else its text. That of nft is the file's, since nft lists rules in other
 * words than they were written in.
 */
export function decidingRule({ decision }: ConnectionPacket, way: Way): string | undefined {
  const last = way.at(-1);
  const own =
    last &&
    last.line !== null &&
    last.comment === null &&
    last.table.includes(' ') &&
    !isOfIptables(last.rule);
  return own ? last.rule : decision?.rule;
}

/** `FORWARD line 26 -> LOGDROP line 3`, nft's with its table: `table inet filter: forward line 26`; '' if no line of a file is known. */
export function wayInWords(way: Way = []): string {
  const [first] = way;
  const table = first?.table.includes(' ') ? `table ${first.table}` : '';
  if (way.every(({ line }) => line === null)) return table;
  return `${table && `${table}: `}${way.map(stepInWords).join(' -> ')}`;
}

/** `FORWARD line 26`, `forward line 3 of ports.nft`, `FORWARD policy`. */
export function stepInWords({ chain, line, file, rule }: Way[number]): string {
  if (line === null) return `${chain} ${policyOf(rule)}`;
  return `${chain} line ${line}${file === undefined ? '' : ` of ${file}`}`;
}

function policyOf(rule: string): string {
  return rule.startsWith('policy ') ? 'policy' : 'a rule of no line';
}

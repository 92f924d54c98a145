/* A file of iptables-save as ground for new rules, and these in iptables' words. */
import type { PortRange } from '../../network/topology.ts';
import type { SavedRule, SavedTable } from '../iptables-save.ts';
import { type TableName, tableNames, targetOf } from '../iptables-syntax.ts';
import type { RuleInForce } from '../rule-lines.ts';
import { matchesAll } from '../upload-path.ts';
import type { AddedRule } from './edit-rules.ts';
import type { Ground, GroundRule, Place, Repair } from './repair.ts';

/** A file as ground; `find` finds its rule of one in force. The order of a rule is its line. */
export function iptablesGround(
  tables: readonly SavedTable[],
  find: (rule: RuleInForce) => SavedRule | undefined,
): Ground {
  return {
    tables: tableNames,
    rules: tables.flatMap(({ name, rules }) => rules.map((rule) => asGround(name, rule))),
    find: (rule) => {
      const found = find(rule);
      return found && asGround(rule.table, found);
    },
    isTracked: (table) => table !== 'raw',
  };
}

function asGround(table: string, { chain, line, options }: SavedRule): GroundRule {
  const target = targetOf(options) ?? '';
  return {
    table,
    chain,
    order: line,
    accepts: target === 'ACCEPT',
    logs: /^(?:LOG|NFLOG|ULOG)$/.test(target),
    matchesAll: matchesAll(options),
    targets: target === '' ? [] : [target],
  };
}

/** A rule in iptables' words, with its place. */
export function inIptables(repair: Repair): AddedRule {
  const { from, to, of, states, amid, followed, does, purpose } = repair;
  const words = [
    ...(from === null ? [] : [`-s ${from}/32`]),
    ...(to === null ? [] : [`-d ${to}/32`]),
    of === 'path-mtu' ? '-p icmp -m icmp --icmp-type 3/4' : `-p tcp -m tcp ${portsOf(of)}`,
    ...(states.length > 0 ? [`-m conntrack --ctstate ${states.join(',').toUpperCase()}`] : []),
    ...(amid ? ['! --tcp-flags FIN,SYN,RST,ACK SYN'] : []),
    ...(followed ? ['-m helper --helper ftp'] : []),
    `-j ${does === 'accept' ? 'ACCEPT' : does === 'follow' ? 'CT --helper ftp' : `DNAT --to-destination ${does.publish}`}`,
  ];
  return { ...lineOf(repair), rule: words.join(' '), purpose };
}

function portsOf(of: Exclude<Repair['of'], string>): string {
  const text = ([first, last]: PortRange) => (first === last ? `${first}` : `${first}:${last}`);
  return 'source' in of ? `--sport ${text(of.source)}` : `--dport ${text(of.destination)}`;
}

/** Helpers are attached in raw, and destinations translated in nat (iptables-extensions(8), CT and DNAT). */
function lineOf({ place, does, entrance }: Repair): Pick<AddedRule, 'table' | 'chain' | 'before'> {
  if (place === null) return { table: does === 'follow' ? 'raw' : 'nat', chain: entrance, before: null };
  const { table, chain } = place.at === 'end' ? place : place.rule;
  return { table: table as TableName, chain, before: beforeLine(place) };
}

function beforeLine(place: Place): number | null {
  if (place.at === 'end') return null;
  return place.at === 'before' ? place.rule.order : place.rule.order + 1;
}

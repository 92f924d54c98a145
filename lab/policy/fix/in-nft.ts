/* Nft rules in force as ground for new ones, and these in nft's words (nft(8)). */
import { familyOf, ipWord } from '../../network/family.ts';
import type { PortRange } from '../../network/topology.ts';
import { canDecide, targetsOf, under } from '../nft/asked.ts';
import type { NftRule, NftRuleset } from '../nft/listing.ts';
import { type Ground, type GroundRule, isOfIPv6, type Repair } from './repair.ts';

/** Connection tracking's own priority: chains before it see no state (nft(8), "Standard priority names"). */
const tracking = -200;

/** Rules in force as ground. The order of a rule is its place among the rules. */
export function nftGround(ruleset: NftRuleset): Ground {
  const rules = ruleset.rules.map((rule, order) => asGround(rule, order, ruleset));
  return {
    tables: [...new Set(ruleset.chains.map(({ table }) => table))],
    rules,
    find: ({ table, chain, rule: text }) =>
      rules[
        ruleset.rules.findIndex((rule) => rule.table === table && rule.chain === chain && rule.text === text)
      ],
    isTracked: (table, chain) =>
      ruleset.chains.every(
        (one) =>
          one.table !== table ||
          one.name !== chain ||
          !['prerouting', 'output'].includes(one.hook ?? '') ||
          (one.prio ?? 0) > tracking,
      ),
  };
}

function asGround(rule: NftRule, order: number, ruleset: NftRuleset): GroundRule {
  const { table, chain, statements } = rule;
  const says = (name: string) => under(statements, name).length > 0;
  return {
    table,
    chain,
    order,
    accepts: says('accept'),
    logs: says('log') && !canDecide(rule),
    matchesAll: !says('match') && !says('vmap'),
    targets: targetsOf(rule, ruleset),
  };
}

/** How a file's rules are written. */
export interface NftStyle {
  /** At least half of the rules that accept or drop count. */
  readonly counters: boolean;
  /** At least half of them have a comment. */
  readonly comments: boolean;
}

/** How a file's rules are written, by what most of them do. */
export function nftStyleOf({ rules }: NftRuleset): NftStyle {
  const deciding = rules.filter(({ statements }) =>
    statements.some((one) => 'accept' in one || 'drop' in one),
  );
  const most = (holds: (rule: NftRule) => boolean) =>
    deciding.length > 0 && deciding.filter(holds).length * 2 >= deciding.length;
  return {
    counters: most(({ statements }) => statements.some((one) => 'counter' in one)),
    comments: most(({ written }) => / comment "/.test(written)),
  };
}

/** A rule in nft's words; `family`: of its table; `helper`: the object that attaches the helper. */
export function inNft(
  { from, to, of, states, amid, followed, does, purpose }: Repair,
  { counters, comments }: NftStyle,
  family: string,
  helper: string,
): string {
  const words = [
    ...(from === null ? [] : [`${ipWord(familyOf(from))} saddr ${from}`]),
    ...(to === null ? [] : [`${ipWord(familyOf(to))} daddr ${to}`]),
    of !== 'path-mtu'
      ? portsOf(of)
      : isOfIPv6({ from, to })
        ? 'icmpv6 type packet-too-big'
        : 'icmp type destination-unreachable icmp code 4',
    ...(amid ? ['tcp flags & (fin | syn | rst | ack) != syn'] : []),
    ...(states.length > 0 ? [`ct state ${states.join(',')}`] : []),
    ...(followed ? ['ct helper "ftp"'] : []),
    ...(counters ? ['counter'] : []),
    does === 'accept'
      ? 'accept'
      : does === 'follow'
        ? `ct helper set "${helper}"`
        : `dnat ${family === 'inet' ? `${ipWord(familyOf(does.publish))} ` : ''}to ${does.publish}`,
    ...(comments ? [`comment "${purpose}"`] : []),
  ];
  return words.join(' ');
}

function portsOf(of: Exclude<Repair['of'], string>): string {
  const text = ([first, last]: PortRange) => (first === last ? `${first}` : `${first}-${last}`);
  return 'source' in of ? `tcp sport ${text(of.source)}` : `tcp dport ${text(of.destination)}`;
}

/*
 * Whether a file says all that decides on a machine. One that holds only a part, or rules of another program, would be
 * answered with a verdict that production does not share.
 */
import { list } from '../list.ts';
import type { Family } from '../network/family.ts';
import { isGateway, type RulesPlace } from '../network/topology.ts';
import type { SavedFile, SavedTable } from './iptables-save.ts';
import { builtInChains, isBuiltIn, tablesOf, targetOf, valuesOf } from './iptables-syntax.ts';
import { reachedFrom } from './upload-path.ts';

/** Why a file may not be the whole truth. `save` is what to do instead, one sentence. */
export interface Doubt {
  readonly code:
    | 'nft-rules-beside'
    | 'legacy-rules-beside'
    | 'no-filter-table'
    | 'fragment'
    | 'no-rules'
    | 'host-file';
  readonly message: string;
  readonly save: string;
}

/** What a file is that iptables-save did not print, and what to save instead. */
export interface OtherFormat {
  readonly what: string;
  readonly save: string;
}

const saveAll = 'Run "iptables-save > FILE" as root on the firewall and use that file.';

/** Formats by what their lines look like; the first that fits. */
const formats: readonly (OtherFormat & { readonly looksLike: RegExp })[] = [
  {
    what: 'a save without rules, because nft has rules on that machine that iptables-save could not print',
    looksLike: /^# Table `\w+' (?:is incompatible, use 'nft' tool|contains incompatible)/m,
    save: 'Run "nft list ruleset > FILE" and use that file.',
  },
  {
    what: 'an nft rule set in JSON',
    looksLike: /^\{"nftables":/m,
    save: 'Run "nft list ruleset > FILE", without -j, and use that file.',
  },
  {
    what: 'an nft rule set',
    looksLike: /^\s*(?:add )?table (?:ip6?|inet|arp|bridge|netdev) \S+ *\{?\s*$/m,
    save: '"ftplab try" and "ftplab explain" take such a file. Here only what "iptables-save > FILE" prints will do.',
  },
  {
    what: 'a listing of "iptables -L", which leaves out interfaces and more',
    looksLike: /^Chain \S+ \((?:policy|\d+ references)/m,
    save: saveAll,
  },
  {
    what: 'a shell script that calls iptables',
    looksLike: /^\s*(?:sudo )?\S*\biptables (?:-t \w+ )?-{1,2}[A-Za-z]/m,
    save: 'Run the script on a machine like the firewall, then save what is in force: "iptables-save > FILE".',
  },
  { what: 'what "ufw status" prints', looksLike: /^Status: (?:in)?active\b/m, save: saveAll },
  {
    what: 'a zone or policy file of firewalld',
    looksLike: /^\s*<(?:zone|policy|direct)\b/m,
    save: `${saveAll} If firewalld uses its nftables backend (the default), iptables-save shows none of its rules.`,
  },
  {
    what: "OpenWrt's configuration (uci)",
    looksLike: /^config (?:defaults|rule|zone|forwarding|redirect)\b/m,
    save: saveAll,
  },
  {
    what: "rules of pf, BSD's packet filter",
    looksLike: /^(?:block|pass)\s+(?:in|out|drop|return|log|quick|all|on|from)\b/m,
    save: 'The lab has no pf: write what the rules mean as a rule set in TypeScript (docs/rule-sets.md).',
  },
  {
    what: 'a configuration of a Cisco device',
    looksLike: /^(?:access-list \S+ |ip access-list |object-group |policy-map |access-group )/m,
    save: 'The lab has no Cisco device: write what the rules mean as a rule set in TypeScript (docs/rule-sets.md).',
  },
  {
    what: 'rules of the Windows firewall, as netsh or PowerShell print them',
    looksLike: /^(?:Rule Name:|(?:netsh )?advfirewall |New-NetFirewallRule\b|DisplayName\s+:)/m,
    save: 'The lab has no Windows firewall: write what the rules mean as a rule set in TypeScript (docs/rule-sets.md).',
  },
];

/** What a text is that iptables-restore would not take; `undefined` for one that has a table, or that nobody knows. */
export function otherFormat(text: string): OtherFormat | undefined {
  if (/^\*\w+\s*$/m.test(text)) return undefined;
  return formats.find(({ looksLike }) => looksLike.test(text));
}

/**
 * Why a file of iptables-save, or of ip6tables-save, may not be the whole truth about the place where it stands; empty if nothing is in
 * doubt.
 */
export function doubtsAbout(
  { text, tables }: SavedFile,
  place: RulesPlace,
  family: Family = 'ipv4',
): Doubt[] {
  const doubts = [...besideIt(text), ...inItself(text, tables, isGateway(place))];
  if (family === 'ipv4') return doubts;
  // The same programs, by the names that they have for IPv6.
  const named = (words: string) => words.replaceAll(/\biptables/g, 'ip6tables');
  return doubts.map((doubt) => ({ ...doubt, message: named(doubt.message), save: named(doubt.save) }));
}

/** What iptables-save itself says of rules that it does not show (iptables-nft's xtables-save.c). */
function besideIt(text: string): Doubt[] {
  const doubts: Doubt[] = [];
  const [, table] =
    /^# Table `(\w+)' (?:is incompatible, use 'nft' tool|contains incompatible)/m.exec(text) ?? [];
  if (table !== undefined)
    doubts.push({
      code: 'nft-rules-beside',
      message: `nft has rules in table ${table} that iptables-save could not print, so the file does not hold what decides`,
      save: 'Look at "nft list ruleset" on that machine: those rules decide too.',
    });
  if (/^# Warning: ip6?tables(?:-legacy)? tables present, use ip6?tables-legacy-save/m.test(text))
    doubts.push({
      code: 'legacy-rules-beside',
      message: 'rules of iptables-legacy are in force beside these, and the file does not hold them',
      save: 'Run "iptables-legacy-save" as well; rules of both decide.',
    });
  return doubts;
}

function inItself(text: string, tables: readonly SavedTable[], onGateway: boolean): Doubt[] {
  const filter = tables.find(({ name }) => name === 'filter');
  if (!filter)
    return [
      {
        code: 'no-filter-table',
        message: `the file has no table filter, only ${tables.map(({ name }) => name).join(', ')}: with it alone everything would pass`,
        save: `${saveAll} A file of one table ("iptables-save -t nat") is not enough.`,
      },
    ];
  const rules = tables.flatMap((table) => table.rules);
  if (rules.length === 0)
    return /^:\S+ DROP\b/m.test(text)
      ? []
      : [
          {
            code: 'no-rules',
            message: 'the file holds no rule and no policy that drops: with it everything passes',
            save: `If that is not so on the firewall, another program's rules decide there, such as nft's. ${saveAll}`,
          },
        ];
  const reached = tables.map((table) => reachedFrom(table, builtInChains[table.name]));
  const called = tables.some((table, index) => table.rules.some(({ chain }) => reached[index]?.has(chain)));
  if (!called)
    return [
      {
        code: 'fragment',
        message: `the file is a fragment: its rules stand in chains that nothing in it jumps to (${list(
          filter.chains.filter((chain) => !isBuiltIn(filter.name, chain)),
          3,
        )})`,
        save: `It is a part that a program such as ufw or Docker puts into the whole. ${saveAll}`,
      },
    ];
  return onGateway && isHostFile(filter, tables, text)
    ? [
        {
          code: 'host-file',
          message:
            "the file is a host's own: it lets connections in to the host (INPUT), and forwards none, or has no rule about what it forwards (FORWARD)",
          save: 'If it is the file of a gateway, its FORWARD policy alone decides about everything. If it is the file of a server or client, say so: --on vsftpd, or --on y-workstation.',
        },
      ]
    : [];
}

function isHostFile(filter: SavedTable, tables: readonly SavedTable[], text: string): boolean {
  const opens = (entrance: string) => {
    const reached = reachedFrom(filter, [entrance]);
    return filter.rules.filter(({ chain, options }) => reached.has(chain) && acceptsNew(options));
  };
  const translates = tables
    .filter(({ name }) => name === 'nat')
    .some(({ rules }) =>
      rules.some(({ options }) => /^(?:SNAT|MASQUERADE|DNAT|NETMAP)$/.test(targetOf(options) ?? '')),
    );
  const ports = opens('INPUT').some(({ options }) =>
    options.some((option) => /^--(?:dport|dports|destination-ports?)$/.test(option)),
  );
  if (!ports || translates) return false;
  return !tables.some(decidesForwarded) || (opens('FORWARD').length === 0 && !policyAccepts(filter, text));
}

/** Whether a table has rules for packets that are forwarded. */
function decidesForwarded(table: SavedTable): boolean {
  const own = reachedFrom(
    table,
    builtInChains[table.name].filter((chain) => chain !== 'INPUT' && chain !== 'OUTPUT'),
  );
  return table.rules.some(({ chain }) => own.has(chain));
}

/** Whether a rule accepts packets that open a TCP connection. */
function acceptsNew(options: readonly string[]): boolean {
  if (targetOf(options) !== 'ACCEPT') return false;
  const [protocol] = valuesOf(options, '-p', '--protocol');
  if (protocol !== undefined && !['tcp', '6', 'all', '0'].includes(protocol)) return false;
  const states = options.filter((_option, index) => /^--(?:ct)?state$/.test(options[index - 1] ?? ''));
  return states.every((state) => state.split(',').includes('NEW'));
}

/** Whether FORWARD lets pass what no rule refuses. */
function policyAccepts(filter: SavedTable, text: string): boolean {
  const dropping = /^:FORWARD\s+DROP\b/m.test(tablesOf(text).get('filter') ?? '');
  return (
    !dropping &&
    !filter.rules.some(
      ({ chain, options }) => chain === 'FORWARD' && /^(?:DROP|REJECT)$/.test(targetOf(options) ?? ''),
    )
  );
}

import {
  type AccessRule,
  defaultRule,
  type FirewallPolicy,
  type FirewallRules,
  type IptablesRuleSet,
  type NetworkRule,
  type PolicyRule,
  type ProtocolDefinition,
  policyOf,
  type RuleSet,
  type RulesByPlace,
} from '../model/rule-set.ts';
import type { AddressPlan } from '../network/address-plan.ts';
import type { Family } from '../network/family.ts';
import {
  type FirewallName,
  firewallNames,
  isGateway,
  type MachineName,
  type RulesPlace,
} from '../network/topology.ts';
import type { Backend } from './backend.ts';
import { ftpAccessFilter, hex, type FilteredRule as SpoilingRule } from './ftp-access-filter.ts';
import { idleTimeout } from './idle-timeout.ts';
import {
  asRestoreInput,
  noFile,
  readSavedFile,
  readTables,
  type SavedFile,
  type SavedTable,
} from './iptables-save.ts';
import { quoted, type TableName } from './iptables-syntax.ts';
import { joined, matchesOf, notInternal, primaryMatches, type Site, siteOf } from './match.ts';
import { compiledForNft } from './nft/from-iptables.ts';
import type { NftFile } from './nft/nft-file.ts';
import { publishedAddresses } from './published.ts';
import { asAccessRule, calledControls, destinationRules, publishesHere, sourceRules } from './publishing.ts';
import { route } from './rules.ts';

/** What can be put in force, by the language that it was written in. */
export type Rules = RuleSet | IptablesRuleSet | FileRules;

/** A user's file, for one place; or two of them. */
export type FileRules = SavedRules | NftRules | BothRules;

/** A file of iptables-save for one firewall, or for the own firewall of a client or server; one of ip6tables-save beside it, or alone. */
export interface SavedRules {
  readonly kind: 'saved';
  readonly name: string;
  readonly firewall: RulesPlace;
  /** For IPv4; without a table if there is only a file for IPv6. */
  readonly saved: SavedFile;
  /** For IPv6. Absent: all of it passes. */
  readonly saved6?: SavedFile;
  /** `ipset restore` input: the sets that the rules refer to. */
  readonly sets: string;
}

/** A file of nft rules for one firewall, or for the own firewall of a client or server. */
export interface NftRules {
  readonly kind: 'nft';
  readonly name: string;
  readonly firewall: RulesPlace;
  readonly file: NftFile;
}

/** A file of iptables-save, and one of nft rules that stand beside its tables. */
export interface BothRules extends Omit<SavedRules, 'kind'>, Omit<NftRules, 'kind'> {
  readonly kind: 'both';
}

/** Whether rules are a user's file. */
export function isOfFile(rules: Rules): rules is FileRules {
  return rules.kind !== 'isa' && rules.kind !== 'iptables';
}

/** The file of iptables-save in a user's rules, if there is one. */
export function savedFileIn(rules: Rules): SavedFile | undefined {
  return rules.kind === 'saved' || rules.kind === 'both' ? rules.saved : undefined;
}

/** The file of ip6tables-save in a user's rules, if there is one. */
export function saved6In(rules: Rules): SavedFile | undefined {
  return rules.kind === 'saved' || rules.kind === 'both' ? rules.saved6 : undefined;
}

/** The file of nft rules in a user's rules, if there is one. */
export function nftFileIn(rules: Rules): NftFile | undefined {
  return rules.kind === 'nft' || rules.kind === 'both' ? rules.file : undefined;
}

/**
 * A text of iptables-save as rules for one place. `sets` is `ipset restore` input, and `text6` a text of ip6tables-save. Throws LabError
 * `iptables-file-malformed` with the line.
 */
export function savedRules(
  name: string,
  firewall: RulesPlace,
  text: string,
  sets = '',
  text6?: string,
): SavedRules {
  return {
    kind: 'saved',
    name,
    firewall,
    saved: text === '' ? noFile : readSavedFile(text),
    ...(text6 !== undefined && { saved6: readSavedFile(text6, 'ipv6') }),
    sets,
  };
}

/** Comment of the rules that accept packets of known connections. */
const establishedRule = 'Established connections';

/** Comment of the rule that drops all IPv6 under a rule set that says nothing of it (0xC0040041 in the header of ISA's successor). */
export const noIPv6Rule = 'IPv6 is not supported';

/** Comment of the rules that let hosts find each other (RFC 4861), without which nothing would come as far as any rule. */
const neighbourRule = 'Neighbour discovery';
const neighbourTypes = ['neighbour-solicitation', 'neighbour-advertisement'];

/** Comment of the rule that drops everything if no network rule connects the two networks (ISA's 0xC0040012). */
export const noNetworkRule = 'No network rule';

/** States of a packet that opens a connection, whether a conntrack helper expected it or not. */
const opening = '-m conntrack --ctstate NEW,RELATED';

/**
 * What each place with rules loads. Rules written in iptables are loaded as they are; the firewall that a saved file is not for has
 * only its Default rule, and if the file is for a host, both firewalls let everything pass. How ISA Server 2004 decides, and what does the same in FORWARD:
 *
 * 1. ISA decides about connections, not packets: packets of an accepted connection pass, and so do ICMP errors about it.
 * 2. A data connection that the FTP access filter negotiated passes by the access rule that accepted the control
 *    connection. That rule marks the control connection; connections that the kernel's helper expects inherit the mark.
 *    So one rule decides about control, data and Read Only, under NAT too.
 * 3. Network rules come before access rules: without one nothing passes, and under NAT nobody outside opens a connection.
 * 4. Access rules in order, first match decides. ISA drops silently, hence DROP and not REJECT.
 * 5. A server publishing rule stands among them. Under NAT clients call the firewall's outside address, and its DNAT brings them to
 *    the server; under route they call the server (Microsoft TechNet cc713319).
 * 6. `Default rule` drops the rest.
 *
 * Every rule has ISA's rule name as its comment. All four tables are always present, since iptables-restore(8) empties
 * only the tables in its input; chains without rules are left out. Packets addressed to the firewall itself (ISA's
 * Local Host) meet the Default rule, because no rule of a rule set is about it.
 *
 * ISA Server 2004 knows no IPv6: all of it is dropped, unless the rule set says that its rules are about IPv6 too.
 *
 * `backend`: the language that rule sets in ISA's terms are compiled to.
 */
export function compileRules(rules: Rules, plan: AddressPlan, backend: Backend = 'iptables'): RulesByPlace {
  const compiled = firewallNames().map((name) => {
    const own = compiledFor(name, rules, plan);
    return [name, rules.kind === 'isa' && backend === 'nft' ? compiledForNft(own) : own] as const;
  });
  return { ...Object.fromEntries(compiled), ...ofHosts(rules) };
}

/** The clients and servers whose own firewalls the rules are for. */
export function hostsWithRules(rules: Rules): MachineName[] {
  return Object.keys(ofHosts(rules)) as MachineName[];
}

/** What hosts load that have rules of their own. */
function ofHosts(rules: Rules): RulesByPlace {
  if (isOfFile(rules)) return isGateway(rules.firewall) ? {} : { [rules.firewall]: loaded(rules) };
  const own = Object.entries(rules.hosts ?? {});
  return Object.fromEntries(own.map(([host, text]) => [host, { iptables: asRestoreInput(text), nft: null }]));
}

function loaded(rules: FileRules): FirewallRules {
  const ruleset = nftFileIn(rules)?.text;
  const saved6 = saved6In(rules);
  return {
    iptables: rules.kind === 'nft' ? '' : asRestoreInput(rules.saved.text),
    ...(saved6 && { iptables6: asRestoreInput(saved6.text) }),
    nft: null,
    ...(rules.kind !== 'nft' && { sets: rules.sets }),
    ...(ruleset !== undefined && { ruleset }),
  };
}

function compiledFor(firewall: FirewallName, rules: Rules, plan: AddressPlan): FirewallRules {
  switch (rules.kind) {
    case 'isa':
      return headed(rules.name, firewall, policyAt(policyOf(rules, firewall), firewall, plan, rules.ipv6));
    case 'iptables': {
      const of6 = rules.iptables6?.[firewall];
      return {
        iptables: asRestoreInput(rules.iptables[firewall] ?? ''),
        ...(of6 !== undefined && { iptables6: asRestoreInput(of6) }),
        nft: null,
      };
    }
    case 'saved':
    case 'nft':
    case 'both':
      if (firewall === rules.firewall)
        return {
          ...loaded(rules),
          ...(rules.kind === 'saved' && publishedAddresses(rules, plan, firewall)),
        };
      return isGateway(rules.firewall)
        ? headed('No rules', firewall, policyAt(onlyDefaultRule, firewall, plan))
        : headed('Everything passes', firewall, nothingRefused);
  }
}

/** What lets everything pass. */
export const nothingRefused: FirewallRules = { iptables: asRestoreInput(''), nft: null };

/**
 * The tables of what {@link compileRules} returned for a place, iptables' or ip6tables'; none of nft rules alone. Throws LabError
 * `iptables-file-malformed`.
 */
export function tablesOf(
  rules: Rules,
  firewall: RulesPlace,
  { iptables, iptables6, ruleset }: FirewallRules,
  family: Family = 'ipv4',
): readonly SavedTable[] {
  const own = isOfFile(rules) && rules.firewall === firewall ? rules : undefined;
  const saved = own && (family === 'ipv4' ? savedFileIn(own) : saved6In(own));
  if (saved) return saved.tables;
  if (ruleset !== undefined) return [];
  return family === 'ipv4'
    ? readTables(iptables)
    : iptables6 === undefined
      ? []
      : readTables(iptables6, 'ipv6');
}

/** A firewall whose Default rule decides everything. */
const onlyDefaultRule: FirewallPolicy = { networkRule: route(), accessRules: [] };

function headed(name: string, firewall: FirewallName, rules: FirewallRules): FirewallRules {
  return { ...rules, iptables: `# ${name} on ${firewall}\n${rules.iptables}` };
}

function policyAt(
  policy: FirewallPolicy,
  firewall: FirewallName,
  plan: AddressPlan,
  ipv6?: true,
): FirewallRules {
  const tablesFor = (family: Family) =>
    compilePolicy(policy, siteOf(firewall, plan, policy.networkRule?.relation, family));
  const filtered = filteredRules(accessRulesAt(policy, firewall));
  const companions = [
    ftpAccessFilter(filtered.map(spoilingRule)),
    policy.idleTimeout === undefined ? null : idleTimeout(policy.idleTimeout),
  ].filter((companion) => companion !== null);
  return {
    iptables: tablesFor('ipv4'),
    iptables6: ipv6 ? tablesFor('ipv6') : noIPv6,
    nft: companions.length > 0 ? companions.join('') : null,
  };
}

/** A policy's rules without those that publish a server behind another firewall. */
function rulesAt({ accessRules }: FirewallPolicy, firewall: FirewallName): readonly PolicyRule[] {
  return accessRules.filter((rule) => rule.action !== 'publish' || publishesHere(rule, firewall));
}

/** The same as access rules. */
function accessRulesAt(policy: FirewallPolicy, firewall: FirewallName): AccessRule[] {
  return rulesAt(policy, firewall).map((rule) => (rule.action === 'publish' ? asAccessRule(rule) : rule));
}

/** Rules of INPUT that let hosts and the firewall find each other by IPv6. */
const neighbourRules = neighbourTypes.map((type) =>
  append('INPUT', `-p ipv6-icmp -m icmp6 --icmpv6-type ${type}`, neighbourRule, 'ACCEPT'),
);

/** What a firewall loads for IPv6 that knows none; ip6tables-restore(8) input. */
const noIPv6 = table(
  'filter',
  ['INPUT DROP', 'FORWARD DROP'],
  [...neighbourRules, append('INPUT', '', noIPv6Rule, 'DROP'), forward('', noIPv6Rule, 'DROP')],
);

/** One table after another, as iptables-restore(8) and ip6tables-restore(8) take them. */
function compilePolicy(policy: FirewallPolicy, site: Site): string {
  const { networkRule } = policy;
  const icmp = site.family === 'ipv4' ? 'icmp' : 'ipv6-icmp';
  const published = rulesAt(policy, site.firewall).filter((rule) => rule.action === 'publish');
  const accessRules = accessRulesAt(policy, site.firewall);
  const filtered = filteredRules(accessRules);
  const known = (chain: string) => [
    append(chain, '-m conntrack --ctstate ESTABLISHED', establishedRule, 'ACCEPT'),
    append(chain, `-p ${icmp} -m conntrack --ctstate RELATED`, establishedRule, 'ACCEPT'),
  ];
  const translated = published.flatMap((rule) =>
    destinationRules(rule, site).map(({ match, target }) => append('PREROUTING', match, rule.name, target)),
  );
  const last = (chain: string) => append(chain, '', defaultRule, 'DROP');
  const tables = [
    table(
      'raw',
      ['PREROUTING ACCEPT'],
      filtered.flatMap((rule) => {
        const publishing = published.find(({ name }) => name === rule.rule.name);
        return publishing
          ? helpersOf(publishing.name, calledControls(publishing, site))
          : helperRules(rule, site);
      }),
    ),
    table('mangle', [], []),
    table(
      'nat',
      [...(translated.length > 0 ? ['PREROUTING ACCEPT'] : []), 'POSTROUTING ACCEPT'],
      [
        ...translated,
        ...published.flatMap((rule) =>
          sourceRules(rule, site).map(({ match, target }) => append('POSTROUTING', match, rule.name, target)),
        ),
        ...(networkRule?.relation === 'NAT' ? sourceNatRules(networkRule, site) : []),
      ],
    ),
    table(
      'filter',
      ['INPUT DROP', 'FORWARD DROP', 'OUTPUT ACCEPT'],
      [
        ...known('INPUT'),
        ...(site.family === 'ipv6' ? neighbourRules : []),
        last('INPUT'),
        ...known('FORWARD'),
        ...networkRules(networkRule, site, filtered.map(negotiatedRule), published.length > 0),
        ...accessRules.flatMap((rule) => forwardRules(rule, filtered, site)),
        last('FORWARD'),
      ],
    ),
  ];
  return tables.join('');
}

/** An allow rule with the FTP access filter, and the mark of its connections. */
interface FilteredRule {
  readonly rule: AccessRule;
  /** The protocols that the filter is bound to. */
  readonly protocols: readonly ProtocolDefinition[];
  readonly mark: number;
}

function filteredRules(rules: readonly AccessRule[]): FilteredRule[] {
  return rules
    .map((rule) => ({ rule, protocols: filterProtocols(rule) }))
    .filter(({ protocols }) => protocols.length > 0)
    .map((filtered, index) => ({ ...filtered, mark: index + 1 }));
}

function filterProtocols({ action, protocols }: AccessRule): readonly ProtocolDefinition[] {
  return action === 'deny' || protocols === 'all' ? [] : protocols.filter(({ filter }) => filter === 'ftp');
}

/** Since Linux 6.0 a connection gets a helper only if a rule assigns it (iptables-extensions(8), CT). */
function helperRules({ rule, protocols }: FilteredRule, site: Site): string[] {
  return helpersOf(
    rule.name,
    protocols.flatMap((protocol) => primaryMatches(rule, protocol, site)),
  );
}

function helpersOf(name: string, matches: readonly string[]): string[] {
  return matches.map((match) => append('PREROUTING', match, name, 'CT --helper ftp'));
}

function sourceNatRules({ name }: NetworkRule, site: Site): string[] {
  return site.internal.map((cidr) =>
    append('POSTROUTING', `-s ${cidr} ${notInternal('-d', site)}`, name, `SNAT --to-source ${site.outside}`),
  );
}

/**
 * Accepts the data connections that one rule's control connections negotiate, in either direction, to unprivileged
 * ports.
 */
function negotiatedRule({ rule, mark }: FilteredRule): string {
  const negotiated = `-m connmark --mark ${hex(mark)} -m helper --helper ftp`;
  return forward(
    `-p tcp -m conntrack --ctstate RELATED ${negotiated} -m tcp --dport 1024:65535`,
    rule.name,
    'ACCEPT',
  );
}

/**
 * What the network rule decides before any access rule does. `negotiated`: the rules for negotiated data connections;
 * left out if nothing passes anyway. `published`: whether there are publishing rules.
 */
function networkRules(
  rule: NetworkRule | null,
  site: Site,
  negotiated: readonly string[],
  published: boolean,
): string[] {
  if (!rule) return [forward('', noNetworkRule, 'DROP')];
  if (rule.relation === 'route') return [...negotiated];
  // What a publishing rule translated did not come to the inside address.
  const called = published ? ' -m conntrack ! --ctstate DNAT' : '';
  const fromOutside = site.internal.map((cidr) =>
    forward(
      `${notInternal('-s', site)} -d ${cidr} ${opening}${called}`,
      `${rule.name} (NAT is one-way)`,
      'DROP',
    ),
  );
  return [...negotiated, ...fromOutside];
}

function forwardRules(rule: AccessRule, filtered: readonly FilteredRule[], site: Site): string[] {
  const mark = filtered.find((candidate) => candidate.rule === rule);
  const controls = new Set(mark?.protocols.flatMap((protocol) => primaryMatches(rule, protocol, site)));
  return matchesOf(rule, site).flatMap((match) => {
    const target = rule.action === 'allow' ? 'ACCEPT' : 'DROP';
    const decide = forward(joined(match, opening), rule.name, target);
    if (!mark || !controls.has(match)) return [decide];
    const set = `CONNMARK --set-xmark ${hex(mark.mark)}/0xffffffff`;
    return [forward(joined(match, opening), rule.name, set), decide];
  });
}

function spoilingRule({ rule, protocols, mark }: FilteredRule): SpoilingRule {
  const ports = protocols.flatMap(({ primary }) => primary.map((connection) => connection.ports));
  return { name: rule.name, mark, ports, readOnly: rule.ftpReadOnly };
}

function forward(match: string, name: string, target: string): string {
  return append('FORWARD', match, name, target);
}

function append(chain: string, match: string, name: string, target: string): string {
  return joined(`-A ${chain}`, match, `-m comment --comment ${quoted(name)} -j ${target}`);
}

/** Leaves out chains without rules: they decide nothing, but each would show in every packet's trace. */
function table(name: TableName, policies: readonly string[], rules: readonly string[]): string {
  const chains = rules.length > 0 ? policies.map((chain) => `:${chain} [0:0]`) : [];
  return `${[`*${name}`, ...chains, ...rules, 'COMMIT'].join('\n')}\n`;
}

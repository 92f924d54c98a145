/*
 * Programs that write a firewall's rules from a configuration of their own. A patch of what they wrote is gone when they write
 * again, so it says too how their configuration has the same.
 */
import type { SavedTable } from '../iptables-save.ts';
import { valuesOf, withoutCounters } from '../iptables-syntax.ts';
import { reachedFrom } from '../upload-path.ts';
import type { RuleOfTable } from './edit-rules.ts';

/** How a program's configuration has what a patch adds. */
export interface InConfiguration {
  readonly program: string;
  /** What to write where, in order: a sentence that ends with a colon, or a line to write. */
  readonly steps: readonly string[];
}

/** How a program's configuration is kept before a change, and put back: what to do, and commands in its own words. */
export interface KeptConfiguration {
  readonly program: string;
  readonly keep: readonly string[];
  /** What puts the change in force. */
  readonly apply: string;
  /** What the program itself has for a change that may lock its administrator out; '' if it has nothing. */
  readonly careful: string;
  readonly back: readonly string[];
}

interface Generator extends KeptConfiguration {
  /** Names of chains that only its files have, all of them. */
  readonly chains: readonly RegExp[];
  /** Whether {@link write} knows what a host takes and sends itself. */
  readonly onHosts?: true;
  readonly write: (added: readonly Added[]) => string[];
}

/** A rule that a patch added, and the built-in chain that its packets come in by. */
type Added = RuleOfTable & { readonly entrance: string };

const generators: readonly Generator[] = [
  {
    program: 'ufw',
    keep: ['cp -a /etc/ufw /root/ufw-before'],
    apply: 'ufw reload',
    careful: '',
    back: ['cp -a /root/ufw-before/. /etc/ufw/', 'ufw reload'],
    chains: [/^ufw-before-forward$/],
    onHosts: true,
    write: (added) => [
      ...section(added, 'raw', '/etc/ufw/before.rules, behind its last COMMIT:', (rules) => [
        '*raw',
        ...new Set(rules.map(({ entrance }) => `:${entrance} ACCEPT [0:0]`)),
        ...rules.map((rule) => `-A ${rule.entrance} ${written(rule)}`),
        'COMMIT',
      ]),
      ...section(added, 'filter', '/etc/ufw/before.rules, in front of the COMMIT of *filter:', (rules) =>
        rules.map((rule) => `-A ufw-before-${rule.entrance.toLowerCase()} ${written(rule)}`),
      ),
      'Then "ufw reload".',
    ],
  },
  {
    program: 'firewalld',
    keep: ['cp -a /etc/firewalld /root/firewalld-before'],
    apply: 'firewall-cmd --reload',
    careful: '',
    back: ['rm -r /etc/firewalld', 'cp -a /root/firewalld-before /etc/firewalld', 'firewall-cmd --reload'],
    chains: [/^(?:FORWARD_direct|FWD_\w+_allow|FWDO_\w+_allow)$/],
    onHosts: true,
    write: (added) => [
      'In /etc/firewalld/direct.xml, by:',
      ...added.map(
        (rule) =>
          `firewall-cmd --permanent --direct --add-rule ipv4 ${rule.table} ${rule.entrance} 0 ${written(rule)}`,
      ),
      'Then "firewall-cmd --reload".',
    ],
  },
  {
    program: 'Shorewall',
    keep: ['cp -a /etc/shorewall /root/shorewall-before', 'shorewall save before'],
    apply: 'shorewall check && shorewall reload',
    careful:
      'shorewall safe-reload asks whether the new rules shall stay, and without an answer within 60 s restores the former ones',
    back: ['shorewall restore before', 'cp -a /root/shorewall-before/. /etc/shorewall/'],
    chains: [/^dynamic$/, /^(?:logdrop|logreject|shorewall|sha-lh-\w+)$/],
    write: (added) => [
      ...added.flatMap((rule) => shorewallLines(rule)),
      'Then "shorewall check" and "shorewall reload".',
    ],
  },
  {
    program: 'FireHOL',
    keep: ['cp -a /etc/firehol /root/firehol-before'],
    apply: 'firehol try',
    careful: 'firehol try restores the former rules unless you type "commit" within 30 s',
    back: ['cp -a /root/firehol-before/. /etc/firehol/', 'firehol restart'],
    chains: [/^in_\w+$/, /^out_\w+$/],
    write: (added) => [
      ...(added.some(({ table }) => table === 'raw')
        ? [
            '/etc/firehol/firehol.conf, at the top, as kernels since 6.0 attach no helper by themselves:',
            'FIREHOL_CONNTRACK_HELPERS_ASSIGNMENT="firehol"',
          ]
        : []),
      '/etc/firehol/firehol.conf, in the router between the two networks:',
      ...new Set(added.flatMap((rule) => firehol(rule))),
      'Then "firehol try".',
    ],
  },
  {
    program: "arno's iptables firewall",
    keep: ['cp -a /etc/arno-iptables-firewall /root/arno-before'],
    apply: 'arno-iptables-firewall restart',
    careful: '',
    back: ['cp -a /root/arno-before/. /etc/arno-iptables-firewall/', 'arno-iptables-firewall restart'],
    chains: [/^EXT_FORWARD_IN_CHAIN$/, /^LAN_INET_FORWARD_CHAIN$/],
    write: (added) => [
      '/etc/arno-iptables-firewall/custom-rules:',
      ...added.map((rule) =>
        rule.table === 'filter'
          ? `iptables -A FORWARD_CHAIN ${written(rule)}`
          : `iptables -t ${rule.table} -A ${rule.entrance} ${written(rule)}`,
      ),
      'Then "arno-iptables-firewall restart".',
    ],
  },
  {
    program: 'Firewall Builder',
    keep: ['cp -a FIREWALL.fwb FIREWALL.fw /root/'],
    apply: 'install from Firewall Builder',
    careful: '',
    back: ['sh /root/FIREWALL.fw'],
    chains: [/^(?:In_|Out_)?RULE_\d+$/],
    write: (added) => [
      'In the settings of the firewall object, as epilog script, since its policy has no rule for a helper:',
      ...added.map((rule) => `$IPTABLES -t ${rule.table} -I ${rule.entrance} ${written(rule)}`),
      'Then compile and install.',
    ],
  },
  {
    program: 'Docker',
    keep: ['iptables-save > /root/before.rules'],
    apply: 'the commands take effect at once',
    careful: '',
    back: [],
    chains: [/^DOCKER-USER$/],
    write: (added) => [
      'Docker leaves DOCKER-USER and the table raw alone; put this where you keep your own rules for them:',
      ...added.map(
        (rule) =>
          `iptables -t ${rule.table} -I ${rule.table === 'filter' ? 'DOCKER-USER' : rule.entrance} ${written(rule)}`,
      ),
    ],
  },
];

/** How the program that wrote a file keeps its configuration; `undefined` if none is recognised. */
export function keptConfiguration(tables: readonly SavedTable[]): KeptConfiguration | undefined {
  return generatorOf(tables);
}

function generatorOf(tables: readonly SavedTable[]): Generator | undefined {
  const names = tables.flatMap(({ chains }) => chains);
  return generators.find(({ chains }) => chains.every((mark) => names.some((name) => mark.test(name))));
}

/**
 * How the program that wrote a file has in its configuration what a patch adds; `undefined` if none is recognised, or if the file is a
 * host's own (`onHost`) and how this program has that is not known.
 */
export function inConfiguration(
  tables: readonly SavedTable[],
  added: readonly RuleOfTable[],
  onHost: boolean,
): InConfiguration | undefined {
  const generator = generatorOf(tables);
  if (!generator || added.length === 0 || (onHost && !generator.onHosts)) return undefined;
  const each = added.map((rule) => ({ ...rule, entrance: entranceOf(rule, tables) }));
  return { program: generator.program, steps: generator.write(each) };
}

function section(
  added: readonly Added[],
  table: string,
  where: string,
  write: (rules: readonly Added[]) => string[],
): string[] {
  const own = added.filter((rule) => rule.table === table);
  return own.length > 0 ? [where, ...write(own)] : [];
}

/** A rule without its chain and counters. */
function written({ text }: RuleOfTable): string {
  return withoutCounters(text).replace(/^-\w \S+ /, '');
}

function entranceOf({ table, chain }: RuleOfTable, tables: readonly SavedTable[]): string {
  if (table === 'raw') return chain === 'OUTPUT' ? chain : 'PREROUTING';
  const own = tables.find(({ name }) => name === table);
  const hooks = ['FORWARD', 'INPUT', 'OUTPUT'];
  return hooks.find((hook) => own && reachedFrom(own, [hook]).has(chain)) ?? 'FORWARD';
}

/** What a rule that a patch added is about. */
function partsOf({ options }: RuleOfTable) {
  const one = (short: string, long: string) => valuesOf(options, short, long)[0]?.replace(/\/32$/, '') ?? '-';
  const [ports = '-'] = valuesOf(options, '--dport', '--dport');
  const states = [...valuesOf(options, '--ctstate', '--ctstate'), ...valuesOf(options, '--state', '--state')];
  return {
    from: one('-s', '--source'),
    to: one('-d', '--destination'),
    ports,
    sourcePorts: valuesOf(options, '--sport', '--sport')[0] ?? '-',
    state: states[0] ?? 'NEW',
    helped: options.includes('helper'),
  };
}

/** Lines of shorewall-conntrack(5) and shorewall-rules(5). A rule's chain is named for its zones. */
function shorewallLines(rule: RuleOfTable): string[] {
  const { from, to, ports, sourcePorts, state, helped } = partsOf(rule);
  if (rule.table === 'raw')
    return ['/etc/shorewall/conntrack:', '?FORMAT 3', `CT:helper:ftp:P ${from} ${to} tcp ${ports}`];
  const [, source = 'ZONE', target = 'ZONE'] = /^(\w+)(?:-|2)(\w+)$/.exec(rule.chain) ?? [];
  return state
    .split(',')
    .flatMap((one) => [
      `/etc/shorewall/rules, in ?SECTION ${one}:`,
      `ACCEPT ${source}:${from} ${target}:${to} tcp ${ports}${sourcePorts === '-' ? '' : ` ${sourcePorts}`}${helped ? ' { helper=ftp }' : ''}`,
    ]);
}

/** Lines of firehol-router(5). Its service ftp is control, helper and data in one, both ways. */
function firehol(rule: RuleOfTable): string[] {
  const { from, to, ports, helped } = partsOf(rule);
  if (rule.table === 'raw' && ports === '21') return [`route ftp accept src ${from} dst ${to}`];
  if (rule.table === 'raw')
    return [
      `server_ftp${ports}_ports="tcp/${ports}"; client_ftp${ports}_ports="default"; helper_ftp${ports}="ftp"`,
      `route ftp${ports} accept src ${from} dst ${to}`,
    ];
  if (helped || ports === '-') return [];
  return [`route custom ftpdata tcp/${ports} default accept src ${from} dst ${to}`];
}

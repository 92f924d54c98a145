/** Files of nft rules: written by hand, as programs make them, and translated from iptables files of the corpus. */
import { readdirSync } from 'node:fs';
import { all, blocked, type Entry, type Expected, each, type Outcome, refused, up } from '../entry.ts';

const policy = blocked('data-dropped', { rule: 'policy forward DROP', failedAt: 'store-small' });
const illegalPort = blocked('port-command-refused', { firewall: null, rule: null, failedAt: 'store-small' });
const privateAddress = blocked('pasv-address-rejected-by-client', {
  firewall: null,
  rule: null,
  failedAt: 'store-small',
});

function of(name: string, expected: Expected, why: string, rest: Partial<Entry> = {}): Entry {
  return { name: `nft-${name}`, file: `nft/${name}.nft`, expected, why, ...rest };
}

function text(name: string, lines: readonly string[], expected: Expected, why: string): Entry {
  return { name: `nft-${name}`, text: () => `${lines.join('\n')}\n`, expected, why };
}

const byCustomer = { client: 'customer', server: 'y-server' } as const;

export const nft: readonly Entry[] = [
  of(
    'home-router',
    each({ passive: up, active: illegalPort }),
    'All that comes from the private network is accepted, and masqueraded without a helper: PORT names an address that is not what vsftpd sees.',
  ),
  of(
    'web-and-ftp-only',
    all(policy),
    'Three ports are open from inside. No helper, so no data connection is RELATED; what matches nothing meets the policy.',
  ),
  of(
    'helper-and-related',
    all(up),
    'The helper is attached to what comes from inside, and RELATED is accepted.',
  ),
  of(
    'helper-related-not-accepted',
    all(policy),
    'The data connection is RELATED, and only ESTABLISHED is accepted; sent again it is NEW, and no rule accepts that either.',
  ),
  of(
    'sets-of-a-server',
    each({
      passive: up,
      active: blocked('data-refused', { rule: 'everything else', failedAt: 'store-small' }),
    }),
    "The named sets hold Pure-FTPd's address and passive range. What the server opens is in neither, and is reset by the chain refuse.",
    { server: 'pure-ftpd' },
  ),
  of(
    'sets-of-a-server',
    all(blocked('data-refused', { rule: 'everything else', failedAt: 'store-small' })),
    "The set of servers holds vsftpd, that of passive ports does not: both the client's and the server's data connection are reset.",
    { name: 'nft-sets-of-another-server' },
  ),
  of(
    'verdict-map',
    each({
      passive: blocked('data-dropped', {
        rule: 'iifname "eth1" tcp dport vmap @services',
        failedAt: 'store-small',
      }),
      active: up,
    }),
    'From inside the map drops 1024 to 65535. What comes from outside it is not asked about, and the policy accepts.',
  ),
  of(
    'two-base-chains',
    all(blocked('data-dropped', { rule: 'no high ports', failedAt: 'store-small' })),
    'An accept ends its own base chain alone (nft(8), "VERDICT STATEMENT"): the chain of the higher priority drops new connections to high ports, whoever opens them.',
  ),
  of(
    'firewalld-default',
    all(blocked('control-refused', { rule: 'reject with icmpx admin-prohibited', failedAt: 'connect' })),
    'firewalld 1.x forwards between zones only by a policy, and there is none: the last rule of filter_FORWARD rejects.',
  ),
  of(
    'firewalld-policy-ftp',
    all(up),
    'A policy accepts the service ftp, whose helper it attaches in the forward hook, before masquerading; RELATED is accepted.',
  ),
  of(
    'fw4',
    all(up),
    'From lan to wan all is accepted and masqueraded; what comes from lan has the helper, and RELATED is accepted.',
  ),
  of(
    'fw4',
    each({
      pasv: privateAddress,
      epsv: blocked('data-refused', { rule: '!fw4: Reject TCP traffic', failedAt: 'store-small' }),
      active: up,
    }),
    'The redirect has no helper, which is attached to what comes from lan alone. After EPSV the customer calls the router itself, where handle_reject resets it. From lan to wan all is accepted.',
    { name: 'nft-fw4-redirect', ...byCustomer },
  ),
  of(
    'dnat-map',
    all(up),
    'The map publishes y-server at port 2121; the helper is attached there before the map translates, and RELATED is accepted.',
    byCustomer,
  ),
  of(
    'dnat-map-no-helper',
    each({
      pasv: privateAddress,
      epsv: blocked('data-dropped', { rule: 'policy input DROP', failedAt: 'store-small' }),
      active: up,
    }),
    '227 names 10.79.2.10, which the client refuses. After EPSV it calls the firewall itself: policy of input. What the server opens goes out and is masqueraded.',
    byCustomer,
  ),
  of(
    'docker',
    each({ pasv: privateAddress, epsv: up, active: up }),
    'Port 21 and the passive range are published; the server announces its own address. Containers may open connections.',
    { client: 'customer', server: 'y-server-pinned' },
  ),
  text(
    'syntax',
    ['table inet filter {', '  chain forward {', '    tcp dport 21 acept', '  }', '}'],
    refused(/line 3: Error: syntax error/),
    'nft does not know the word in line 3.',
  ),
  text(
    'missing-device',
    [
      'table inet filter {',
      '  flowtable fast { hook ingress priority 0; devices = { eth7 }; }',
      '  chain forward { type filter hook forward priority 0; policy accept; }',
      '}',
    ],
    refused(/line 2: Error:.*No such file or directory/),
    'The firewall has no device eth7, so the flowtable cannot be made.',
  ),
  text(
    'no-forward-chain',
    ['table inet filter {', '  chain input { type filter hook input priority 0; policy drop; }', '}'],
    refused(/no filter chain that sees what is forwarded/),
    "A host's file: nothing in it decides about what is forwarded.",
  ),
  text(
    'iptables-in-it',
    [
      '# Warning: table ip filter is managed by iptables-nft, do not touch!',
      'table ip filter {',
      '  chain FORWARD {',
      '    type filter hook forward priority filter; policy drop;',
      '    meta l4proto tcp xt match "multiport" counter packets 0 bytes 0 accept',
      '  }',
      '}',
    ],
    refused(/rules that iptables made \(line 5\)[\s\S]*iptables-save/),
    'nft prints what iptables-nft made and does not load it.',
  ),
];

/**
 * Files of ../nft/translated, which mean what the iptables files of their names do: iptables-restore-translate(8) made them of each file
 * that it translates whole.
 */
const translated = readdirSync(new URL('../nft/translated', import.meta.url)).map((file) =>
  file.replace(/\.nft$/, ''),
);

/** What an iptables file of the corpus comes to; a rule without a comment has another text in nft. */
function inNft(expected: Expected): Expected {
  if ('refused' in expected) return expected;
  const outcomes = Object.entries(expected).map(([mode, outcome]) => [mode, withoutIptables(outcome)]);
  return Object.fromEntries(outcomes) as Expected;
}

function withoutIptables({ rule, ...outcome }: Outcome): Outcome {
  const named = [rule ?? []].flat();
  return rule === undefined || named.some((one) => one.startsWith('-A ')) ? outcome : { ...outcome, rule };
}

/** Of entries about iptables files, the same about those that were translated. */
export function inNftAsWell(entries: readonly Entry[]): Entry[] {
  return entries.flatMap((entry) => {
    const [, name] = /\/([^/]*)\.rules$/.exec(entry.file ?? '') ?? [];
    if (name === undefined || !translated.includes(name) || 'refused' in entry.expected) return [];
    return [
      {
        ...entry,
        name: `nft-of-${entry.name}`,
        file: `nft/translated/${name}.nft`,
        expected: inNft(entry.expected),
      },
    ];
  });
}

import type { TransferMode } from '../../../lab/model/attempt.ts';
import type { Random } from './random.ts';

/** A rule file made at random, for isa-y of the corpus' network. */
export interface RandomFile {
  readonly text: string;
  readonly mode: TransferMode;
}

interface Place {
  readonly table: string;
  readonly chain: string;
}

const places: readonly Place[] = [
  ...Array.from({ length: 8 }, () => ({ table: 'filter', chain: 'FORWARD' })),
  { table: 'filter', chain: 'mine' },
  { table: 'filter', chain: 'mine' },
  { table: 'raw', chain: 'PREROUTING' },
  { table: 'raw', chain: 'PREROUTING' },
  { table: 'mangle', chain: 'PREROUTING' },
  { table: 'mangle', chain: 'FORWARD' },
  { table: 'mangle', chain: 'POSTROUTING' },
  { table: 'mangle', chain: 'POSTROUTING' },
  { table: 'nat', chain: 'PREROUTING' },
  { table: 'nat', chain: 'POSTROUTING' },
  { table: 'security', chain: 'FORWARD' },
  { table: 'filter', chain: 'INPUT' },
];

const ports = [
  '--dport 21',
  '--sport 21',
  '--dport 1024:65535',
  '--sport 1024:65535',
  '--dport 20',
  '--sport 20',
  '--dport 32768:45000',
];
const flags = [
  '--tcp-flags FIN,SYN,RST,ACK SYN',
  '--tcp-flags SYN,ACK SYN,ACK',
  '! --tcp-flags FIN,SYN,RST,ACK SYN',
  '--tcp-flags FIN FIN',
  '--tcp-flags PSH PSH',
  '--tcp-flags FIN,SYN,RST,PSH,ACK,URG ACK',
];
const words = [
  'STOR ',
  'LIST',
  'PASV',
  'EPSV',
  'PORT ',
  'EPRT ',
  'USER ',
  'PASS ',
  'TYPE',
  'RETR ',
  'QUIT',
  '220 ',
  '227 ',
  '229 ',
  '150 ',
  '226 ',
  '230 ',
  '200 ',
  '331 ',
];
const states = ['NEW', 'ESTABLISHED', 'RELATED', 'RELATED,ESTABLISHED', 'INVALID', 'UNTRACKED'];

function extraMatch(random: Random): string {
  const any = [
    () => `-m conntrack --ctstate ${random.pick(states)}`,
    () => `-m conntrack --ctdir ${random.pick(['ORIGINAL', 'REPLY'])}`,
    () => `-m conntrack --ctstatus ${random.pick(['EXPECTED', 'ASSURED', 'SEEN_REPLY', 'CONFIRMED'])}`,
    () => `-m string --string "${random.pick(words)}" --algo ${random.pick(['bm', 'kmp'])}`,
    () =>
      `-m length --length ${random.pick(['40:52', '53:80', '74:200', '100:400', '1000:1100', '1200:65535', '40:60'])}`,
    () =>
      `-m connbytes --connbytes ${random.pick(['1000', '20000', '65536', '300000'])} --connbytes-mode bytes --connbytes-dir ${random.pick(['original', 'reply', 'both'])}`,
    () =>
      `-m connbytes --connbytes ${random.pick(['2', '4', '10', '30'])} --connbytes-mode packets --connbytes-dir ${random.pick(['original', 'reply', 'both'])}`,
    () => `-m ttl --ttl-${random.pick(['lt', 'gt', 'eq'])} ${random.pick(['63', '64', '10'])}`,
    () => `-m mark --mark 0x${random.between(0, 2)}`,
    () => `-m connmark --mark 0x${random.between(0, 2)}`,
    () => `-m dscp --dscp 0x${random.pick(['00', '2e'])}`,
    () => '-m helper --helper ftp',
    () =>
      `-m u32 --u32 "0x0>>0x16&0x3c@0xc>>0x1a&0x3c@0x0=0x${random.pick(['53544f52', '504f5254', '45505254', '50415356', '32323720'])}"`,
    () => '-m addrtype --dst-type LOCAL',
    () => '-m multiport --dports 20,21,1024:65535',
    () => `-s ${random.pick(['10.79.2.0/24', '198.19.79.21/32', '10.79.2.10/32'])}`,
    () => `-d ${random.pick(['10.79.2.0/24', '198.19.79.21/32', '198.19.79.3/32'])}`,
    () =>
      `-m time --weekdays ${random.pick(['Mon,Tue,Wed', 'Thu,Fri,Sat,Sun', 'Mon,Tue,Wed,Thu,Fri,Sat,Sun'])}`,
    () => `-m statistic --mode nth --every ${random.between(1, 3)} --packet 0`,
    () => `-m limit --limit 1/hour --limit-burst ${random.between(1, 12)}`,
    () => `-m quota --quota ${random.pick(['200', '3000', '100000', '900000'])}`,
    () => `-m tcpmss --mss ${random.pick(['1000:1500', '1:500'])}`,
    () => `-m connlimit --connlimit-above ${random.between(1, 3)} --connlimit-mask 32 --connlimit-saddr`,
  ];
  return random.pick(any)();
}

/** Packets that an upload has, by where they come in and their ports. */
const flows = [
  { from: 'eth1', to: 'ppp0', port: '--dport 21' },
  { from: 'ppp0', to: 'eth1', port: '--sport 21' },
  { from: 'eth1', to: 'ppp0', port: '--dport 1024:65535' },
  { from: 'ppp0', to: 'eth1', port: '--sport 1024:65535' },
  { from: 'ppp0', to: 'eth1', port: '--sport 20' },
  { from: 'eth1', to: 'ppp0', port: '--dport 20' },
] as const;

function matchOf(random: Random, { chain }: Place): string {
  const leaving = chain === 'POSTROUTING';
  const flow = random.pick(flows);
  // Most rules are about packets that there are; the others are not to decide anything.
  const strange = random.chance(0.2);
  const side = strange ? random.pick(['eth1', 'ppp0']) : leaving ? flow.to : flow.from;
  const interfaces = random.chance(0.5) ? `${leaving ? '-o' : '-i'} ${side}` : '';
  const port = random.chance(0.8) ? (strange ? random.pick(ports) : flow.port) : '';
  const flag = random.chance(0.25) ? random.pick(flags) : '';
  const extra = random.chance(0.5) ? extraMatch(random) : '';
  return [interfaces, '-p tcp -m tcp', port, flag, extra].filter(Boolean).join(' ');
}

const rejects = [
  'icmp-port-unreachable',
  'icmp-host-prohibited',
  'icmp-admin-prohibited',
  'icmp-net-unreachable',
  'icmp-proto-unreachable',
  'tcp-reset',
  'tcp-reset',
];

function targetOf(random: Random, { table, chain }: Place): string {
  if (table === 'nat')
    return chain === 'PREROUTING'
      ? random.pick([
          'REDIRECT --to-ports 9',
          'DNAT --to-destination 198.19.79.200',
          'DNAT --to-destination 172.20.0.9',
          'DNAT --to-destination 127.0.0.1',
          'DNAT --to-destination 198.19.79.23',
          'DNAT --to-destination 198.19.79.21',
          'NETMAP --to 10.99.0.0/24',
          'RETURN',
        ])
      : random.pick([
          'MASQUERADE',
          'SNAT --to-source 198.19.79.3',
          'SNAT --to-source 198.19.79.250',
          'SNAT --to-source 172.31.0.1',
          'RETURN',
        ]);
  const common = [
    'DROP',
    'DROP',
    'DROP',
    'DROP',
    'DROP',
    'DROP',
    'ACCEPT',
    'RETURN',
    'LOG --log-prefix "fuzz "',
    'NFQUEUE --queue-num 3',
    'NFQUEUE --queue-num 3 --queue-bypass',
    'MARK --set-xmark 0x1/0xffffffff',
    'CONNMARK --set-xmark 0x1/0xffffffff',
  ];
  const more: Record<string, readonly string[]> = {
    raw: ['CT --notrack', 'CT --helper ftp', 'CT --zone 1'],
    mangle: [
      'TTL --ttl-set 1',
      'TTL --ttl-dec 10',
      'DSCP --set-dscp 0x2e',
      ...(chain === 'PREROUTING'
        ? ['TPROXY --on-port 9 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1', 'TEE --gateway 198.19.79.200']
        : []),
    ],
    filter: [
      ...rejects.map((how) => `REJECT --reject-with ${how}`),
      ...(chain === 'FORWARD' ? ['mine'] : []),
    ],
    security: [],
  };
  return random.pick([...common, ...(more[table] ?? [])]);
}

/** What the random rules are added to: from nothing open to all open. */
const skeletons: readonly {
  readonly raw: readonly string[];
  readonly nat: readonly string[];
  readonly forward: readonly string[];
  readonly policy: string;
}[] = [
  {
    raw: ['-A PREROUTING -i eth1 -p tcp -m tcp --dport 21 -j CT --helper ftp'],
    nat: [],
    forward: [
      '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A FORWARD -i eth1 -o ppp0 -p tcp -m tcp --dport 21 -j ACCEPT',
    ],
    policy: 'DROP',
  },
  {
    raw: [],
    nat: [],
    forward: [
      '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT',
      '-A FORWARD -i eth1 -o ppp0 -p tcp -m multiport --dports 21,1024:65535 -j ACCEPT',
      '-A FORWARD -i ppp0 -o eth1 -p tcp -m tcp --sport 20 -j ACCEPT',
    ],
    policy: 'DROP',
  },
  { raw: [], nat: [], forward: [], policy: 'ACCEPT' },
  {
    raw: ['-A PREROUTING -i eth1 -p tcp -m tcp --dport 21 -j CT --helper ftp'],
    nat: ['-A POSTROUTING -o ppp0 -j MASQUERADE'],
    forward: [
      '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A FORWARD -i eth1 -j ACCEPT',
    ],
    policy: 'DROP',
  },
];

const chainsOf: Record<string, readonly string[]> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** A file with one to three random rules before, among or behind those of a gateway, and the mode to try it in. */
export function randomFile(random: Random): RandomFile {
  const skeleton = random.pick(skeletons);
  const tables: Record<string, string[]> = {
    raw: [...skeleton.raw],
    mangle: [],
    nat: [...skeleton.nat],
    security: [],
    filter: [...skeleton.forward],
  };
  for (let rule = random.between(1, 3); rule > 0; rule--) {
    const place = random.pick(places);
    const rules = tables[place.table] ?? [];
    const target = targetOf(random, place);
    if (target === 'mine')
      rules.push(
        `-A mine ${matchOf(random, place)} -m comment --comment "fuzz ${rule} inner" -j ${random.pick(['DROP', 'ACCEPT', 'REJECT --reject-with tcp-reset', 'RETURN'])}`,
      );
    const text = `-A ${place.chain} ${matchOf(random, place)} -m comment --comment "fuzz ${rule}" -j ${target}`;
    rules.splice(random.chance(0.7) ? 0 : random.between(0, rules.length), 0, text);
  }
  const text = Object.entries(tables)
    .filter(([name, rules]) => rules.length > 0 || name === 'filter')
    .map(([name, rules]) => {
      const own = rules.some((rule) => /(-A|-j) mine\b/.test(rule)) ? [':mine - [0:0]'] : [];
      const chains = (chainsOf[name] ?? []).map(
        (chain) => `:${chain} ${name === 'filter' && chain === 'FORWARD' ? skeleton.policy : 'ACCEPT'} [0:0]`,
      );
      return [`*${name}`, ...chains, ...own, ...rules, 'COMMIT', ''].join('\n');
    })
    .join('');
  return { text, mode: random.pick(['pasv', 'epsv', 'port', 'eprt']) };
}

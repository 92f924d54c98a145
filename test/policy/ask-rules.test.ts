import { describe, expect, it } from 'vitest';
import { askForHelper, askRules, type PacketKind, partsOf } from '../../lab/policy/ask-rules.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';

const tables = (policy: string, ...rules: string[]) =>
  readTables(
    [
      '*filter',
      `:INPUT ${policy}`,
      ...[...new Set(rules.flatMap((rule) => rule.match(/(?<=-[Ajg] )[a-z0-9-]+/g) ?? []))].map(
        (chain) => `:${chain} -`,
      ),
      ...rules,
      'COMMIT',
      '',
    ].join('\n'),
  );

const kind = (of: Partial<PacketKind> = {}): PacketKind => ({
  way: 'in',
  state: 'NEW',
  to: [21, 21],
  from: [1024, 65535],
  own: [],
  through: null,
  ...of,
});

const port = '-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT';

describe('all packets of a kind', () => {
  it.each<[string, string, readonly string[], Partial<PacketKind>, string]>([
    ['a policy', 'DROP', [], {}, 'refused'],
    ['a rule for the port', 'DROP', [port], {}, 'accepted'],
    ['a rule for another port', 'DROP', ['-A INPUT -p tcp --dport 22 -j ACCEPT'], {}, 'refused'],
    ['a rule for another protocol', 'DROP', ['-A INPUT -p udp -j ACCEPT'], {}, 'refused'],
    ['loopback', 'DROP', ['-A INPUT -i lo -j ACCEPT'], {}, 'refused'],
    ['all but loopback', 'ACCEPT', ['-A INPUT ! -i lo -j DROP'], {}, 'refused'],
    ['the order', 'DROP', ['-A INPUT -p tcp -j REJECT', port], {}, 'refused'],
    [
      'an insertion',
      'DROP',
      ['-A INPUT -p tcp -j REJECT', '-I INPUT -p tcp --dport 21 -j ACCEPT'],
      {},
      'accepted',
    ],
    [
      'a list of ports',
      'DROP',
      ['-A INPUT -p tcp -m multiport --dports 20,21,50000:50100 -j ACCEPT'],
      {},
      'accepted',
    ],
    ['a part of a range', 'DROP', [port], { to: [20, 21] }, 'undecided'],
    ['a state', 'DROP', ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'], {}, 'refused'],
    [
      'the state',
      'DROP',
      ['-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT'],
      { state: 'RELATED' },
      'accepted',
    ],
    [
      'not a SYN',
      'ACCEPT',
      ['-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j DROP'],
      {},
      'accepted',
    ],
    ['bad flags', 'ACCEPT', ['-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j DROP'], {}, 'accepted'],
    [
      'no flags',
      'ACCEPT',
      ['-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP'],
      {},
      'accepted',
    ],
    [
      'flags that no later packet has',
      'ACCEPT',
      [
        '-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP',
        '-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j DROP',
        '-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP',
      ],
      { state: 'ESTABLISHED' },
      'accepted',
    ],
    [
      'a flag that a later packet may have',
      'ACCEPT',
      ['-A INPUT -p tcp -m tcp --tcp-flags RST RST -j DROP'],
      { state: 'ESTABLISHED' },
      'undecided',
    ],
    ['a chain', 'DROP', ['-A INPUT -j own', '-A own -p tcp --dport 21 -j ACCEPT'], {}, 'accepted'],
    [
      'a chain that returns',
      'DROP',
      ['-A INPUT -j own', port, '-A own -j RETURN', '-A own -j DROP'],
      {},
      'accepted',
    ],
    ['a goto', 'DROP', ['-A INPUT -g own', port, '-A own -p udp -j ACCEPT'], {}, 'refused'],
    ['a loop', 'DROP', ['-A INPUT -j own', '-A own -j own'], {}, 'undecided'],
    ['a limit', 'DROP', ['-A INPUT -p tcp --dport 21 -m limit --limit 3/min -j ACCEPT'], {}, 'undecided'],
    ['a limit on a log', 'ACCEPT', ['-A INPUT -m limit --limit 3/min -j LOG'], {}, 'accepted'],
    [
      'a limit that changes nothing',
      'ACCEPT',
      ['-A INPUT -p tcp -m limit --limit 3/min -j ACCEPT'],
      {},
      'accepted',
    ],
    [
      'a limit that returns',
      'ACCEPT',
      ['-A INPUT -j own', '-A own -m limit --limit 3/min -j RETURN', '-A own -j DROP'],
      {},
      'undecided',
    ],
    ['an unknown match', 'DROP', ['-A INPUT -m nonsense -j ACCEPT'], {}, 'undecided'],
    ['an unknown target', 'ACCEPT', ['-A INPUT -j NFQUEUE --queue-num 1'], {}, 'undecided'],
    ['an interface', 'DROP', ['-A INPUT -i eth0 -j ACCEPT'], {}, 'undecided'],
    ['the interface', 'DROP', ['-A INPUT -i eth0 -j ACCEPT'], { through: 'eth0' }, 'accepted'],
    ['another interface', 'DROP', ['-A INPUT -i wg+ -j ACCEPT'], { through: 'eth0' }, 'refused'],
    [
      'an own address',
      'DROP',
      ['-A INPUT -d 203.0.113.9/32 -j ACCEPT'],
      { own: ['203.0.113.9'] },
      'accepted',
    ],
    ['an address that may be its own', 'DROP', ['-A INPUT -d 203.0.113.9/32 -j ACCEPT'], {}, 'undecided'],
    ['multicast', 'DROP', ['-A INPUT -d 224.0.0.251/32 -j ACCEPT'], {}, 'refused'],
    ['some clients', 'DROP', ['-A INPUT -s 198.51.100.0/24 -j ACCEPT'], {}, 'undecided'],
    [
      'a banned client',
      'ACCEPT',
      ['-A INPUT -p tcp --dport 21 -j f2b', '-A f2b -s 198.51.100.7/32 -j REJECT', '-A f2b -j RETURN'],
      {},
      'accepted',
    ],
    ['a local destination', 'DROP', ['-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT'], {}, 'accepted'],
    ['a condition behind the target', 'DROP', ['-A INPUT -j ACCEPT -p udp'], {}, 'undecided'],
  ])('%s', (_what, policy, rules, of, fate) => {
    expect(askRules(tables(policy, ...rules), kind(of)).fate).toBe(fate);
  });

  it('names the rule that decides, and the clients that it does not decide about', () => {
    const asked = tables('DROP', '-A INPUT -s 198.51.100.7/32 -j DROP', port);
    expect(askRules(asked, kind())).toEqual({
      fate: 'accepted',
      by: [],
      except: [{ table: 'filter', line: 3, text: '-A INPUT -s 198.51.100.7/32 -j DROP' }],
    });
    expect(askRules(asked, kind({ to: [22, 22] })).by).toEqual([
      { table: 'filter', line: 2, text: ':INPUT DROP' },
    ]);
  });

  it('meet the tables before the filter', () => {
    const raw = readTables(
      '*raw\n-A PREROUTING -p tcp --dport 21 -j DROP\nCOMMIT\n*filter\n-A INPUT -j ACCEPT\nCOMMIT\n',
    );
    expect(askRules(raw, kind())).toMatchObject({ fate: 'refused', by: [{ table: 'raw' }] });
    const turned = readTables(
      '*nat\n-A PREROUTING -p tcp --dport 21 -j DNAT --to-destination 10.0.0.9\nCOMMIT\n',
    );
    expect(askRules(turned, kind()).fate).toBe('undecided');
  });
});

describe('the helper', () => {
  it.each([
    ['-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp', 'accepted'],
    ['-A PREROUTING -p tcp -m tcp --dport 2121 -j CT --helper ftp', 'refused'],
    ['-A PREROUTING -p udp -m udp --dport 69 -j CT --helper tftp', 'refused'],
    ['-A PREROUTING -i eth1 -p tcp -m tcp --dport 21 -j CT --helper ftp', 'undecided'],
  ])('%s', (rule, fate) => {
    expect(askForHelper(readTables(`*raw\n${rule}\nCOMMIT\n`), kind()).fate).toBe(fate);
  });
});

it('parts a range where rules name its ports', () => {
  const asked = tables('DROP', '-A INPUT -p tcp --dport 50050:50070 -j ACCEPT', port);
  expect(partsOf(asked, [50000, 50100])).toEqual([
    [50000, 50049],
    [50050, 50070],
    [50071, 50100],
  ]);
});

it('asks about no more parts of a range than it can', () => {
  const rules = Array.from(
    { length: 3000 },
    (_, index) => `-A INPUT -p tcp --dport ${50000 + index} -j DROP`,
  );
  expect(partsOf(tables('DROP', ...rules), [50000, 60000])).toBeNull();
});

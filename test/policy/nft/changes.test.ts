import { describe, expect, it } from 'vitest';
import { nftChanges } from '../../../lab/policy/nft/changes.ts';

const before = `table inet fw {
  set servers {
    type ipv4_addr
    elements = { 192.0.2.1 }
  }
  chain forward {
    type filter hook forward priority 0; policy drop; # closed
    ct state established counter packets 12 bytes 720 accept
    tcp dport 21 accept comment "a # in it"
  }
}
`;

/** What changes, a line for each changed line. */
function shown(after: string): string[] {
  return nftChanges(before, after).flatMap(({ table, chain, lines }) =>
    lines
      .filter(({ sign }) => sign !== ' ')
      .map(({ sign, line, text }) => `${table} ${chain} ${sign}${line} ${text}`),
  );
}

describe('what differs in nft rules', () => {
  it('is nothing if only counters, comments and the form differ', () => {
    const other = before
      .replace('packets 12 bytes 720', 'packets 0 bytes 0')
      .replace(' # closed', '')
      .replace('tcp dport 21', 'tcp \\\n  dport 21');
    expect(shown(other)).toEqual([]);
  });

  it.each<[string, string, string, string[]]>([
    [
      'a rule',
      '    tcp dport 21',
      '    tcp dport 80 accept\n    tcp dport 21',
      ['inet fw forward +9 tcp dport 80 accept'],
    ],
    [
      'a policy',
      'policy drop',
      'policy accept',
      ['inet fw forward -7 policy drop', 'inet fw forward +7 policy accept'],
    ],
    [
      'what a set holds',
      '192.0.2.1 }',
      '192.0.2.2 }',
      ['  -4 elements = { 192.0.2.1 }', '  +4 elements = { 192.0.2.2 }'],
    ],
  ])('is %s, by its chain and line', (_what, from, to, expected) => {
    expect(shown(before.replace(from, to))).toEqual(expected);
  });

  it('is the same of commands', () => {
    const one = 'add rule inet fw forward tcp dport 21 accept\n';
    expect(nftChanges(one, `${one}add rule inet fw forward tcp dport 80 accept\n`)).toEqual([
      {
        table: 'inet fw',
        chain: 'forward',
        lines: [
          { sign: ' ', line: 1, text: 'add rule inet fw forward tcp dport 21 accept' },
          { sign: '+', line: 2, text: 'add rule inet fw forward tcp dport 80 accept' },
        ],
      },
    ]);
  });
});

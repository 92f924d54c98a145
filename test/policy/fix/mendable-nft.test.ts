/** How rules are put into files of nft that are written in different ways. */
import { describe, expect, it } from 'vitest';
import type { NftRules } from '../../../lab/policy/compile.ts';
import { nftGround } from '../../../lab/policy/fix/in-nft.ts';
import { mendableNft } from '../../../lab/policy/fix/mendable-nft.ts';
import type { Repair } from '../../../lab/policy/fix/repair.ts';
import type { NftChain, NftRuleset } from '../../../lab/policy/nft/listing.ts';
import { type NftFile, readNftFile } from '../../../lab/policy/nft/nft-file.ts';
import { tableName } from '../../../lab/policy/nft/table-name.ts';

/** What nft would have in force of a file whose rules are all in blocks or `add rule` commands; `accept` and `counter` are told from others. */
function inForce(file: NftFile, rest: Partial<NftRuleset> = {}): NftRuleset {
  const names = file.statements.map(({ chain, text }) => {
    const [, family = 'ip', table, name] =
      /^(?:add|insert) rule (?:(ip|inet) )?(\S+) (\S+) /.exec(text) ?? [];
    return chain ?? (table === undefined ? undefined : `${family} ${table} ${name}`);
  });
  const rules = file.statements.flatMap((statement, index) => {
    const [family = '', table = '', chain = ''] = names[index]?.split(' ') ?? [];
    if (chain === '') return [];
    const { text } = statement;
    const says = (word: string) => (new RegExp(`\\b${word}\\b`).test(text) ? [{ [word]: null }] : []);
    return [
      {
        table: tableName(family, table),
        family,
        chain,
        text,
        statements: [{ match: {} }, ...says('accept'), ...says('drop'), ...says('counter')],
        place: file.lines[statement.line - 1],
        written: text,
        statement,
      },
    ];
  });
  return { chains: [], sets: [], helpers: [], ...rest, rules };
}

const forward: NftChain = {
  table: 'inet fw',
  family: 'inet',
  name: 'forward',
  type: 'filter',
  hook: 'forward',
  prio: 0,
  policy: 'drop',
};

const data: Repair = {
  from: '10.0.0.1',
  to: '192.0.2.7',
  of: { destination: [1024, 65535] },
  states: ['related'],
  followed: true,
  does: 'accept',
  place: null,
  entrance: 'PREROUTING',
  purpose: 'FTP data, negotiated',
};
const written =
  'ip saddr 10.0.0.1 ip daddr 192.0.2.7 tcp dport 1024-65535 ct state related ct helper "ftp" accept';
const helper: Repair = {
  from: '10.0.0.1',
  to: '192.0.2.7',
  of: { destination: [21, 21] },
  states: [],
  does: 'follow',
  place: null,
  entrance: 'PREROUTING',
  purpose: 'FTP helper',
};

function opened(text: string, included: Readonly<Record<string, string>> = {}, rest?: Partial<NftRuleset>) {
  const file = readNftFile(text, (pattern) => [[pattern, included[pattern] ?? '']]);
  const rules: NftRules = { kind: 'nft', name: 'gw', firewall: 'isa-y', file };
  const nft = inForce(file, { chains: [forward], ...rest });
  return { mendable: mendableNft(rules), nft, known: { nft, find: () => undefined } };
}

/** The lines that a patch adds beside the rule with that word. */
function addedBeside(
  text: string,
  word: string,
  at: 'before' | 'behind',
  included?: Readonly<Record<string, string>>,
): string[] {
  const { mendable, nft, known } = opened(text, included);
  const rule = nftGround(nft).rules.find((one) => nft.rules[one.order]?.text.includes(word));
  if (!rule) throw new Error(`No rule has ${word}`);
  const patch = mendable.with([{ ...data, place: { at, rule } }], known).patch('gw.nft');
  return patch.split('\n').filter((line) => /^[-+]/.test(line));
}

const block = [
  'table inet fw {',
  '  chain forward {',
  '    type filter hook forward priority 0; policy drop;',
  '    tcp dport 21 accept',
  '    # high ports',
  "    # are nobody else's",
  '    tcp dport { 1024,',
  '      2000 } jump high',
  '  }',
  '}',
  '',
].join('\n');

describe('a new rule', () => {
  it.each<[string, string, string, 'before' | 'behind', string[]]>([
    ['stands on a line of its own', block, 'dport 21', 'behind', [`+    ${written}`]],
    ['stands in front of the comments that are about the rule', block, 'high', 'before', [`+    ${written}`]],
    [
      'stands in the line if the rules do',
      'table inet fw { chain forward { tcp dport 21 accept; tcp dport 80 drop; }; }\n',
      'dport 80',
      'before',
      [
        '-table inet fw { chain forward { tcp dport 21 accept; tcp dport 80 drop; }; }',
        `+table inet fw { chain forward { tcp dport 21 accept; ${written}; tcp dport 80 drop; }; }`,
      ],
    ],
    [
      'is a command among commands',
      'add rule inet fw forward tcp dport 21 accept\nadd rule inet fw forward tcp dport 80 drop',
      'dport 80',
      'before',
      [`+add rule inet fw forward ${written}`],
    ],
    [
      'is inserted later if it comes first',
      'insert rule inet fw forward tcp dport 80 drop\nadd rule inet fw forward tcp dport 21 drop\n',
      'dport 80',
      'before',
      [`+insert rule inet fw forward ${written}`],
    ],
  ])('%s', (_what, text, word, at, expected) => {
    expect(addedBeside(text, word, at).slice(2)).toEqual(expected);
  });

  it('goes to the included file that has the rule', () => {
    const text = 'table inet fw {\nchain forward {\ninclude "sub/a.nft"\n}\n}\n';
    const own = 'tcp dport 21 accept\ntcp dport 80 drop\n';
    expect(addedBeside(text, 'dport 80', 'before', { 'sub/a.nft': own })).toEqual([
      '--- sub/a.nft',
      '+++ sub/a.nft',
      `+${written}`,
    ]);
  });

  it('stands at the end of a chain that has none', () => {
    const { mendable, known } = opened(
      'table inet fw {\n\tchain forward {\n\t\ttype filter hook forward priority 0; policy drop;\n\t}\n}\n',
    );
    const place = { at: 'end', table: 'inet fw', chain: 'forward' } as const;
    expect(mendable.with([{ ...data, place }], known).text).toContain(`policy drop;\n\t\t${written}\n\t}`);
  });

  it('counts, and has a comment, if most others do', () => {
    const text = 'add rule inet fw forward tcp dport 21 counter accept comment "FTP"\n';
    const [, , line] = addedBeside(text, 'FTP', 'behind');
    expect(line).toMatch(/ct helper "ftp" counter accept comment "FTP data, negotiated"$/);
  });
});

describe('what is added later', () => {
  it('adds a state to a rule that differs by it alone, and can be taken out again', () => {
    const { mendable, nft, known } = opened(block);
    const [first] = nftGround(nft).rules;
    if (!first) throw new Error('There are rules');
    const place = { at: 'behind', rule: first } as const;
    const both = mendable.with(
      [{ ...data, place }, helper, { ...data, place, states: ['established'] }],
      known,
    );
    expect(both.text).toContain('ct state related,established ct helper "ftp" accept');
    expect(both.added).toBe(2);
    const [one, other] = [both.without(0), both.without(1)];
    expect([one, other].map(({ added }) => added)).toEqual([1, 1]);
    expect([one.text, other.text].map((text) => text.includes('chain ftp-helper'))).toEqual([true, false]);
    expect(one.without(0).text).toBe(block);
  });
});

describe('the helper', () => {
  it('has an object and a chain between tracking and translation, once for several rules', () => {
    const { mendable, known } = opened(block);
    const { text } = mendable.with([helper, helper, { ...helper, from: '10.0.0.2' }], known);
    expect(text.slice(block.length - 2)).toBe(
      [
        '',
        '  ct helper ftp {',
        '    type "ftp" protocol tcp;',
        '  }',
        '',
        '  chain ftp-helper {',
        '    type filter hook prerouting priority mangle; policy accept;',
        '    ip saddr 10.0.0.1 ip daddr 192.0.2.7 tcp dport 21 ct helper set "ftp"',
        '    ip saddr 10.0.0.2 ip daddr 192.0.2.7 tcp dport 21 ct helper set "ftp"',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('is one for both versions of IP in a table inet', () => {
    const { mendable, known } = opened(block);
    const six = { ...helper, from: '2001:db8::1', to: '2001:db8::2' };
    const { text } = mendable.with([helper, six], known);
    expect(text.match(/chain ftp-helper/g)).toHaveLength(1);
    expect(text).toContain('ip6 saddr 2001:db8::1 ip6 daddr 2001:db8::2 tcp dport 21 ct helper set "ftp"');
  });

  it.each([
    ['in front of those of a chain that can attach one', 0, 'pre'],
    ['in a chain of its own if that one sees translated destinations', -90, 'ftp-helper'],
  ])('stands %s', (_what, prio, chain) => {
    const pre: NftChain = { ...forward, name: 'pre', hook: 'prerouting', prio };
    const nat: NftChain = { ...pre, name: 'nat', type: 'nat', prio: -100 };
    const { mendable, known } = opened(
      'table inet fw {\n\tchain pre {\n\t\ttcp dport 990 ct helper set "std"\n\t}\n}\n',
      {},
      {
        chains: [forward, pre, ...(prio < 0 ? [nat] : [])],
        helpers: [{ table: 'inet fw', family: 'inet', name: 'std' }],
      },
    );
    const { text } = mendable.with([helper], known);
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('dport 21 ct helper set "std"'));
    expect(lines.slice(0, at).findLast((line) => line.includes('chain'))).toBe(`\tchain ${chain} {`);
    expect(text).not.toContain('ct helper ftp {');
  });
});

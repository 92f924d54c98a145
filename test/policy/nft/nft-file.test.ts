import { describe, expect, it } from 'vitest';
import { inLinesOf, readNftFile } from '../../../lab/policy/nft/nft-file.ts';

const none = () => [];

describe('flush ruleset', () => {
  it('is left out, for it would take the tables of the lab, and the lines stay', () => {
    const { text } = readNftFile('#!/usr/sbin/nft -f\nflush ruleset\ndefine x = 1\ntable ip t { }', none);
    expect(text.split('\n').map((line) => line.trim())).toEqual(['', '', 'define x = 1', 'table ip t { }']);
  });

  it('takes with it what stands before, but definitions', () => {
    const before = 'define x = 1; table ip a {\nchain c { drop\n}\n}\nflush ruleset; table ip b { }';
    const { text, statements } = readNftFile(before, none);
    expect(text.replaceAll(/\s+/g, ' ').trim()).toBe('define x = 1; table ip b { }');
    expect(text.split('\n')).toHaveLength(5);
    expect(statements.map(({ text }) => text)).toEqual(['define x = 1', 'table ip b']);
  });

  it.each(['# flush ruleset\ntable ip t { }', 'table ip t { chain c { log prefix "flush ruleset"; } }'])(
    'is none in %j',
    (text) => {
      expect(readNftFile(text, none).text).toBe(text);
    },
  );
});

it.each(['flags owner,persist', 'flags owner', 'flags owner;'])('has tables stay that say %s', (flags) => {
  const { text } = readNftFile(
    `table inet firewalld { # progname firewalld\n\t${flags}\n\tset s { type ifname; flags dynamic; }\n}`,
    none,
  );
  expect(text).not.toContain('owner');
  expect(text).toContain('flags dynamic');
  expect(text.split('\n')).toHaveLength(4);
});

it('puts included files in their places, and knows their lines', () => {
  const included = (pattern: string) =>
    pattern === 'all/*.nft'
      ? ([
          ['all/a.nft', '# a\naccept'],
          ['all/b.nft', 'drop'],
        ] as const)
      : [];
  const text = 'table ip t {\nchain c {\n  include "all/*.nft"\n  include "none"\nreturn\n}\n}';
  const file = readNftFile(text, included);
  const lines = file.statements.slice(1).map((one) => [one.text, file.lines[one.line - 1]]);
  expect(lines).toEqual([
    ['accept', { file: 'all/a.nft', line: 2 }],
    ['drop', { file: 'all/b.nft', line: 1 }],
    ['return', { file: null, line: 5 }],
  ]);
});

it("has nft's complaints by the lines of the files", () => {
  const file = readNftFile('include "x"\nboo', () => [['x', 'one\ntwo']]);
  const message = [1, 2, 3, 3].map((line) => `/dev/stdin:${line}:1-3: Error: no\nboo\n^^^\n`).join('');
  expect(inLinesOf(file, message)).toBe(
    'line 1 of x: Error: no\nboo\n^^^\nline 2 of x: Error: no\nboo\n^^^\nline 2: Error: no\nboo\n^^^\n... and 1 more',
  );
});

it.each([
  'table ip ftp-filter { chain lab-trace { accept; } }',
  'add rule inet filter ftp-filter jump lab-trace',
])('takes %s, a table of the user', (text) => {
  expect(readNftFile(text, none).text).toBe(text);
});

it.each([
  'table ip lab-trace { }',
  'delete table ip lab-trace',
  'table inet ftp-filter { chain c { accept; } }',
])('refuses %s, a table of the lab', (text) => {
  expect(() => readNftFile(text, none)).toThrow(/a table of the lab's own/);
});

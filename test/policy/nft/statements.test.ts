import { expect, it } from 'vitest';
import { statementsOf } from '../../../lab/policy/nft/statements.ts';

const rules = (text: string) =>
  statementsOf(text).flatMap(({ chain, line, text: rule }) => (chain ? [`${line} ${chain}: ${rule}`] : []));
const commands = (text: string) =>
  statementsOf(text).flatMap(({ chain, line, text: command }) => (chain ? [] : [`${line} ${command}`]));

it.each<[what: string, text: string, rules: string[]]>([
  [
    'of a listing',
    'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport 22 accept # handle 4\n\t}\n}\n',
    ['4 inet filter input: tcp dport 22 accept'],
  ],
  [
    'without a family, which is ip',
    'table nat { chain post { type nat hook postrouting priority 100; oifname "x" masquerade; } }',
    ['1 ip nat post: oifname "x" masquerade'],
  ],
  [
    'over several lines, in braces and by a backslash',
    'table ip t {\nchain c {\ntcp dport {\n  21,\n  22\n} accept\nip saddr 10.0.0.1 \\\n  drop\n}\n}',
    ['3 ip t c: tcp dport { 21, 22 } accept', '7 ip t c: ip saddr 10.0.0.1 drop'],
  ],
  [
    'beside each other, and the last one of a block',
    'table ip t {\nchain c { accept; drop }\n}',
    ['2 ip t c: accept', '2 ip t c: drop'],
  ],
  [
    'with signs of the language in strings and comments',
    'table ip t {\nchain c {\n# } drop\nlog prefix "a # b { ; " drop comment "} x" # ; accept\n}\n}',
    ['4 ip t c: log prefix "a # b { ; " drop comment "} x"'],
  ],
  [
    'and none of sets, objects and what a chain says of itself',
    'table ip t {\nset s { type ipv4_addr; elements = { 1.2.3.4,\n5.6.7.8 } }\nct helper h {\ntype "ftp" protocol tcp;\n}\nchain c {\ncomment "x"\ntype filter hook ingress device "eth0" priority 0; policy accept;\n}\n}',
    [],
  ],
  [
    'of a chain that a command makes with a block',
    'add chain inet t c { type filter hook input priority 0; }\nadd table ip u { chain d { accept\n} }',
    ['2 ip u d: accept'],
  ],
])('finds the rules %s', (_what, text, found) => {
  expect(rules(text)).toEqual(found);
});

it('finds the commands at the top', () => {
  const text = 'flush ruleset; define x = { 1,\n 2 }\nadd rule ip t c accept\ntable ip t { }\ninclude "y"';
  expect(commands(text)).toEqual([
    '1 flush ruleset',
    '1 define x = { 1, 2 }',
    '3 add rule ip t c accept',
    '4 table ip t',
    '5 include "y"',
  ]);
});

it('gets through a long list of elements', () => {
  const elements = Array.from({ length: 50_000 }, (_, number) => `  ${number},`).join('\n');
  const text = `table ip t {\nset s {\nelements = {\n${elements}\n}\n}\nchain c {\ndrop\n}\n}`;
  expect(rules(text)).toEqual(['50007 ip t c: drop']);
});

it.each(['table ip t {', '}}}', '"', '\\', 'chain {', '{{{{', '#'])('ends at %j', (text) => {
  expect(statementsOf(text)).toBeInstanceOf(Array);
});

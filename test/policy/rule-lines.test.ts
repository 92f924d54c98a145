import { describe, expect, it } from 'vitest';
import type { RuleMet } from '../../lab/model/packet.ts';
import { readSavedFile, readTables } from '../../lab/policy/iptables-save.ts';
import { ruleFinder, ruleFinderIn, wayToDecision } from '../../lab/policy/rule-lines.ts';

const written = `*filter
:FORWARD ACCEPT [0:0]
:LOGDROP - [0:0]
-A FORWARD -p tcp --dport 21 -j ACCEPT
-A LOGDROP -j LOG
-A FORWARD -j LOGDROP
-A LOGDROP -j DROP
-I FORWARD -s 10.0.0.9 -j DROP
COMMIT
`;

/** The same as the kernel prints it: chains one after another, options spelt out. */
const printed = `*filter
:FORWARD ACCEPT [12:720]
:LOGDROP - [0:0]
-A FORWARD -s 10.0.0.9/32 -j DROP
-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT
-A FORWARD -j LOGDROP
-A LOGDROP -j LOG
-A LOGDROP -j DROP
COMMIT
`;

describe('ruleFinder', () => {
  const find = ruleFinder(readTables(written), readTables(printed));

  it.each([
    ['FORWARD', '-A FORWARD -s 10.0.0.9/32 -j DROP', 8],
    ['FORWARD', '-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT', 4],
    ['FORWARD', '-A FORWARD -j LOGDROP', 6],
    ['LOGDROP', '-A LOGDROP -j DROP', 7],
  ])('finds the line of a rule of %s as the kernel prints it: %s', (chain, rule, line) => {
    expect(find({ table: 'filter', chain, rule })?.line).toBe(line);
  });

  it('knows no line where a chain is not in force as written', () => {
    const fewer = printed.replace('-A LOGDROP -j LOG\n', '');
    const finder = ruleFinder(readTables(written), readTables(fewer));
    expect(finder({ table: 'filter', chain: 'LOGDROP', rule: '-A LOGDROP -j DROP' })).toBeUndefined();
    expect(finder({ table: 'filter', chain: 'FORWARD', rule: '-A FORWARD -j LOGDROP' })?.line).toBe(6);
  });

  it('takes a rule inserted at a number to that place', () => {
    const text = '*filter\n-A FORWARD -j ACCEPT\n-A FORWARD -j DROP\n-I FORWARD 2 -p udp -j DROP\nCOMMIT\n';
    const kernel = '*filter\n-A FORWARD -j ACCEPT\n-A FORWARD -p udp -j DROP\n-A FORWARD -j DROP\nCOMMIT\n';
    const finder = ruleFinder(readTables(text), readTables(kernel));
    expect(finder({ table: 'filter', chain: 'FORWARD', rule: '-A FORWARD -p udp -j DROP' })?.line).toBe(4);
    expect(finder({ table: 'filter', chain: 'FORWARD', rule: '-A FORWARD -j DROP' })?.line).toBe(3);
  });
});

describe('ruleFinderIn', () => {
  const own6 = '*filter\n-A FORWARD -p tcp --dport 21 -j ACCEPT\n-A FORWARD -s 2001:db8::1 -j DROP\nCOMMIT\n';
  const kernel = {
    ipv4: printed,
    ipv6: '*filter\n-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT\n-A FORWARD -s 2001:db8::1/128 -j DROP\nCOMMIT\n',
  };
  const find = ruleFinderIn(
    { saved: readSavedFile(written), saved6: { ...readSavedFile(own6, 'ipv6'), called: 'gw6.rules' } },
    kernel,
  );

  it('looks in the file of the version of IP that the table is of', () => {
    const rule = '-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT';
    expect(find({ table: 'filter', chain: 'FORWARD', rule })).toMatchObject({ line: 4 });
    expect(find({ table: 'filter', chain: 'FORWARD', rule })).not.toHaveProperty('file');
    expect(find({ table: 'ip6 filter', chain: 'FORWARD', rule })).toMatchObject({
      line: 2,
      file: 'gw6.rules',
    });
    const alone = '-A FORWARD -s 2001:db8::1/128 -j DROP';
    expect(find({ table: 'ip6 filter', chain: 'FORWARD', rule: alone })?.line).toBe(3);
    expect(find({ table: 'filter', chain: 'FORWARD', rule: alone })).toBeUndefined();
  });

  it('knows no line of a family that has no file', () => {
    const alone = ruleFinderIn({ saved: readSavedFile(written) }, kernel);
    const rule = '-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT';
    expect(alone({ table: 'ip6 filter', chain: 'FORWARD', rule })).toBeUndefined();
  });
});

describe('wayToDecision', () => {
  const met = (chain: string, rule: string | null, verdict: string, table = 'filter'): RuleMet => ({
    table,
    chain,
    rule,
    comment: null,
    verdict,
  });

  it('leads through the chains that the packet was sent to', () => {
    const way = wayToDecision(
      [
        met('PREROUTING', '-A PREROUTING -j CT', 'continue', 'raw'),
        met('FORWARD', '-A FORWARD -j COUNT', 'jump COUNT'),
        met('COUNT', '-A COUNT -j RETURN', 'return'),
        met('FORWARD', '-A FORWARD -j OUT', 'jump OUT'),
        met('OUT', '-A OUT -j LOGDROP', 'goto LOGDROP'),
        met('LOGDROP', '-A LOGDROP -j LOG', 'continue'),
        met('LOGDROP', '-A LOGDROP -j DROP', 'drop'),
      ],
      { table: 'filter', chain: 'LOGDROP' },
    );
    expect(way.map(({ rule }) => rule)).toEqual([
      '-A FORWARD -j OUT',
      '-A OUT -j LOGDROP',
      '-A LOGDROP -j DROP',
    ]);
  });

  it('ends at the policy where no rule decided', () => {
    const way = wayToDecision(
      [
        met('FORWARD', '-A FORWARD -j OUT', 'jump OUT'),
        met('OUT', '-A OUT -j LOG', 'continue'),
        met('FORWARD', null, 'drop'),
      ],
      { table: 'filter', chain: 'FORWARD' },
    );
    expect(way).toEqual([met('FORWARD', null, 'drop')]);
  });
});

import { describe, expect, it } from 'vitest';
import { readTables } from '../../lab/policy/iptables-save.ts';
import { ruleUse } from '../../lab/policy/rule-use.ts';

const table = (...lines: string[]) =>
  `*filter\n:FORWARD DROP [0:0]\n:own - [0:0]\n${lines.join('\n')}\nCOMMIT\n`;
const uses = (file: string[], before: string[], after: string[]) =>
  ruleUse(readTables(table(...file)), table(...before), table(...after)).map(
    ({ line, packets, use, shadowedBy }) => [line, packets, use, shadowedBy],
  );

/** The line that takes all packets of the last of these rules. */
function taker(...rules: string[]): number | null | undefined {
  const text = table(...rules.map((rule) => `[0:0] -A FORWARD ${rule}`));
  return ruleUse(readTables(text), text, text).at(-1)?.shadowedBy;
}

describe('what rules did', () => {
  it('is told by their counters: decided, met, or never met', () => {
    const file = ['-A FORWARD -j LOG', '-A FORWARD -p tcp -j own', '-A own -j ACCEPT', '-A own -j DROP'];
    const counted = (...packets: number[]) => file.map((rule, index) => `[${packets[index]}:0] ${rule}`);
    expect(uses(file, counted(7, 7, 7, 7), counted(9, 8, 8, 7))).toEqual([
      [4, 2, 'met', null],
      [5, 1, 'met', null],
      [6, 1, 'decided', null],
      [7, 0, 'never', 6],
    ]);
  });

  it('adds up the rules of a line with several addresses', () => {
    const kernel = (one: number, two: number) => [
      `[${one}:0] -A FORWARD -s 1.1.1.1/32 -j ACCEPT`,
      `[${two}:0] -A FORWARD -s 2.2.2.2/32 -j ACCEPT`,
    ];
    expect(uses(['-A FORWARD -s 1.1.1.1,2.2.2.2 -j ACCEPT'], kernel(0, 0), kernel(3, 4))).toEqual([
      [4, 7, 'decided', null],
    ]);
  });

  it('is not told of a chain that is in force with another number of rules', () => {
    expect(uses(['-A FORWARD -j DROP', '-A own -j DROP'], [], ['-A own -j DROP'])).toEqual([]);
  });

  it.each([
    ['everything', '-j DROP', '-p tcp --dport 21 -j ACCEPT'],
    ['a wider network', '-s 10.0.0.0/8 -j DROP', '-s 10.1.0.0/16 -p tcp -j ACCEPT'],
    ['a wider range of ports', '-p tcp --dport 1024: -j DROP', '-p tcp --dport 50000:50100 -j ACCEPT'],
    ['ports of a list', '-p tcp --dport 20:21 -j DROP', '-p tcp -m multiport --dports 20,21 -j ACCEPT'],
    ['interfaces of that kind', '-i ppp+ -j DROP', '-i ppp0 -j ACCEPT'],
    ['more states', '-m state --state NEW,RELATED -j DROP', '-m conntrack --ctstate RELATED -j ACCEPT'],
    ['the same negation', '! -s 10.0.0.0/8 -j DROP', '! -s 10.0.0.0/8 -p tcp -j ACCEPT'],
    ['what returns', '-p tcp -j RETURN', '-p tcp -m string --string x --algo bm -j DROP'],
  ])('cannot be met after a rule for %s', (_what, first, later) => {
    expect(taker(first, later)).toBe(4);
  });

  it.each([
    ['narrower', '-s 10.1.0.0/16 -j DROP', '-s 10.0.0.0/8 -j ACCEPT'],
    ['of another protocol', '-p udp -j DROP', '-p tcp -j ACCEPT'],
    ['of fewer ports', '-p tcp --dport 21 -j DROP', '-p tcp --dport 20:21 -j ACCEPT'],
    ['that goes on', '-j LOG', '-j ACCEPT'],
    ['of a chain that may return', '-j own', '-j ACCEPT'],
    ['by time', '-m limit --limit 1/s -j ACCEPT', '-j DROP'],
    ['by content', '-m string --string x --algo bm -j DROP', '-m string --string x --algo bm -j DROP'],
    ['that negates', '! -s 10.0.0.0/8 -j DROP', '-s 10.0.0.0/8 -j ACCEPT'],
    ['of source ports', '-p tcp --sport 20 -j DROP', '-p tcp --dport 20 -j ACCEPT'],
    ['with an address that is negated later', '-s 10.0.0.0/8 -j DROP', '! -s 10.0.0.0/8 -j ACCEPT'],
  ])('may be met after a rule %s', (_what, first, later) => {
    expect(taker(first, later)).toBeNull();
  });
});

import { expect, it } from 'vitest';
import type { TriedRules } from '../../lab/model/result/comparison.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { compileRules, savedRules } from '../../lab/policy/compile.ts';
import { changedFirewalls, changesOn } from '../../lab/report/sides.ts';

const of4 = '*filter\n:FORWARD DROP [0:0]\nCOMMIT\n';
const of6 = '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp --dport 21 -j ACCEPT\nCOMMIT\n';

function side(text6?: string): TriedRules {
  const rules = compileRules(savedRules('gw', 'isa-y', of4, '', text6), addressPlan(0));
  return { name: 'gw', file: 'gw.rules', firewall: 'isa-y', ruleSet: null, rules } as TriedRules;
}

it('a change of what ip6tables loads is told with its tables and lines', () => {
  const sides = { before: side(of6), after: side(of6.replace('21', '2121')) };
  expect(changedFirewalls(sides)).toEqual(['isa-y']);
  expect(changesOn(sides, 'isa-y')).toEqual([
    {
      table: 'ip6 filter',
      chain: 'FORWARD',
      lines: [
        { sign: ' ', line: 2, text: ':FORWARD DROP' },
        { sign: '-', line: 3, text: '-A FORWARD -p tcp --dport 21 -j ACCEPT' },
        { sign: '+', line: 3, text: '-A FORWARD -p tcp --dport 2121 -j ACCEPT' },
      ],
    },
  ]);
});

it('a file of ip6tables-save that is new is one', () => {
  const [change] = changesOn({ before: side(), after: side(of6) }, 'isa-y');
  expect(change?.lines.map(({ sign }) => sign)).toContain('+');
  expect(changesOn({ before: side(of6), after: side(of6) }, 'isa-y')).toEqual([]);
});

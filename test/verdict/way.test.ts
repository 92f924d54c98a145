import { describe, expect, it } from 'vitest';
import type { RuleMet } from '../../lab/model/packet.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';
import { ruleFinder } from '../../lab/policy/rule-lines.ts';
import { wayInWords, wayOf } from '../../lab/verdict/way.ts';
import { tracedPacket } from './traced-packet.ts';

const file = `*filter
:FORWARD DROP [0:0]
:LOGDROP - [0:0]
-A FORWARD -p tcp --dport 21 -j ACCEPT
-A FORWARD -j LOGDROP
-A LOGDROP -j LOG
-A LOGDROP -m comment --comment "the rest" -j DROP
COMMIT
`;
const printed = file.replace('-p tcp --dport', '-p tcp -m tcp --dport');
const find = ruleFinder(readTables(file), readTables(printed));
const lineOf = (_firewall: string, rule: Parameters<typeof find>[0]) => find(rule);

const met = (
  chain: string,
  rule: string | null,
  verdict: string,
  comment: string | null = null,
): RuleMet => ({
  table: 'filter',
  chain,
  rule,
  comment,
  verdict,
});
const refusedBy = (rules: RuleMet[], rule: string) =>
  tracedPacket({
    source: '192.168.20.10:42344',
    destination: '198.51.100.21:50089',
    fate: 'refused',
    met: rules,
    decision: { action: 'drop', table: 'filter', chain: rules.at(-1)?.chain ?? '', rule },
  });
const throughLog = refusedBy(
  [
    met('FORWARD', '-A FORWARD -j LOGDROP', 'jump LOGDROP'),
    met('LOGDROP', '-A LOGDROP -j LOG', 'continue'),
    met('LOGDROP', '-A LOGDROP -m comment --comment "the rest" -j DROP', 'drop', 'the rest'),
  ],
  'the rest',
);

describe('the way to the rule that decided', () => {
  it('goes by the line that the packet fell through from, in the file’s own lines', () => {
    const way = wayOf(throughLog, lineOf);
    expect(way.map(({ line, comment }) => [line, comment])).toEqual([
      [5, null],
      [7, 'the rest'],
    ]);
    expect(wayInWords(way)).toBe('FORWARD line 5 -> LOGDROP line 7');
  });

  it('has the text as the file has it', () => {
    const accepted = met('FORWARD', '-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT', 'drop');
    expect(wayOf(refusedBy([accepted], 'x'), lineOf)[0]?.rule).toBe('-A FORWARD -p tcp --dport 21 -j ACCEPT');
  });

  it('ends with a policy, which has no line', () => {
    const way = wayOf(refusedBy([met('FORWARD', null, 'drop')], 'policy FORWARD DROP'), lineOf);
    expect(way).toMatchObject([{ line: null, rule: 'policy FORWARD DROP' }]);
    expect(wayInWords(way)).toBe('');
  });

  it('has no words if the rules come from no file, and is none for a packet that was not refused', () => {
    expect(wayInWords(wayOf(throughLog, undefined))).toBe('');
    expect(wayOf({ ...throughLog, fate: 'sent' }, lineOf)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { chainChanges } from '../../lab/policy/chain-changes.ts';
import { iptablesCommands } from '../../lab/policy/iptables-commands.ts';

const filter = (chains: string[], ...rules: string[]) =>
  `*filter\n:FORWARD DROP [0:0]\n${[...chains.map((chain) => `:${chain} - [0:0]`), ...rules].map((line) => `${line}\n`).join('')}COMMIT\n`;
const f = (rule: string) => `-A FORWARD ${rule}`;
const [a, b, c] = ['-p tcp -j ACCEPT', '-p udp -j ACCEPT', '-j DROP'] as const;
const commands = (before: string, after: string) => iptablesCommands(chainChanges(before, after));

describe('the commands that make a change', () => {
  it.each([
    [
      'insert at a number',
      filter([], f(a), f(c)),
      filter([], f(a), f(b), f(c)),
      [`iptables -I FORWARD 2 ${b}`],
    ],
    [
      'delete by number, from the end',
      filter([], f(a), f(b), f(c)),
      filter([], f(b)),
      ['iptables -D FORWARD 3', 'iptables -D FORWARD 1'],
    ],
    [
      'put the new rule in before the old one goes',
      filter([], f(a), f(b)),
      filter([], f(b), f(a)),
      [`iptables -I FORWARD 3 ${a}`, 'iptables -D FORWARD 1'],
    ],
    [
      'make a chain before anything jumps there',
      filter([], f(a)),
      filter(['OWN'], f('-j OWN'), f(a), '-A OWN -j LOG'),
      ['iptables -N OWN', 'iptables -A OWN -j LOG', 'iptables -I FORWARD 1 -j OWN'],
    ],
    [
      'remove a chain last',
      filter(['OWN'], f('-j OWN'), '-A OWN -j LOG'),
      filter([]),
      ['iptables -D FORWARD 1', 'iptables -F OWN', 'iptables -X OWN'],
    ],
    [
      'set a policy',
      filter([], f(a)),
      filter([], f(a)).replace('DROP', 'ACCEPT'),
      ['iptables -P FORWARD ACCEPT'],
    ],
    [
      'name other tables',
      '*nat\nCOMMIT\n',
      '*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n',
      ['iptables -t nat -I POSTROUTING 1 -j MASQUERADE'],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(commands(before, after)).toEqual(expected);
  });
});

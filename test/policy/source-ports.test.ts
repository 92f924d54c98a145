import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { compileRules } from '../../lab/policy/compile.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';
import { mayTellSourcePorts } from '../../lab/policy/source-ports.ts';
import { scenarios } from '../../scenarios/index.ts';

const under = (rule: string) =>
  mayTellSourcePorts(readTables(`*filter\n:own - [0:0]\n-A FORWARD ${rule}\nCOMMIT\n`));

describe('rules that treat all source ports alike', () => {
  it.each([
    ['by the destination port', '-p tcp -m tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT'],
    ['by several destination ports', '-p tcp -m multiport --dports 21,990 -j ACCEPT'],
    ['by everything else', '-i inside -s 10.0.0.0/8 ! -d 10.0.0.1/32 -p tcp --tcp-flags SYN,ACK SYN -g own'],
    ['by a rate', '-p tcp -m limit --limit 3/min --limit-burst 10 -j own'],
    ['of another protocol', '-p udp -m udp --sport 67 --dport 68 -j ACCEPT'],
    ['that only log', '-p tcp -m tcp --sport 20 -j LOG --log-prefix "from 20 "'],
    ['with a comment that looks like an option', '-p tcp -m comment --comment "--sport 20" -j ACCEPT'],
  ])('%s', (_what, rule) => {
    expect(under(rule)).toBe(false);
  });
});

describe('rules that may tell source ports apart', () => {
  it.each([
    ['by one', '-p tcp -m tcp --sport 20 -j ACCEPT'],
    ['by a range, spelt out', '-p tcp -m tcp --source-port 1024:65535 -j ACCEPT'],
    ['by an abbreviated option', '-p tcp -m tcp --sp 20 -j ACCEPT'],
    ['by an option with its value', '-p tcp -m tcp --sport=20 -j ACCEPT'],
    ['by either port', '-p tcp -m multiport --ports 20,21 -j ACCEPT'],
    ['by the port that tracking knows', '-m conntrack --ctorigsrcport 20 -j ACCEPT'],
    ['by a set', '-m set --match-set senders src,src -j ACCEPT'],
    ['by a set that a target fills', '-p tcp -j SET --add-set senders src,src'],
    ['by bytes of the header', '-m u32 --u32 "0x14>>0x10=0x14" -j ACCEPT'],
    ['by a program', '-m bpf --bytecode "1,6 0 0 65535" -j ACCEPT'],
    [
      'by a rate for each port',
      '-m hashlimit --hashlimit-upto 1/s --hashlimit-mode srcport --hashlimit-name a -j ACCEPT',
    ],
    ['of every protocol but one', '! -p udp -m set --match-set senders src,src -j ACCEPT'],
    ['by what nobody here knows', '-p tcp -m novelty -j ACCEPT'],
  ])('%s', (_what, rule) => {
    expect(under(rule)).toBe(true);
  });
});

it('finds the shipped rule sets with a source port', () => {
  const telling = scenarios.filter(({ ruleSet }) =>
    Object.values(compileRules(ruleSet, addressPlan(0))).some(({ iptables }) =>
      mayTellSourcePorts(readTables(iptables)),
    ),
  );
  expect(telling.map(({ name }) => name)).toEqual([
    'source-port-20-inbound',
    'published-active-back',
    'source-port-20-only',
  ]);
});

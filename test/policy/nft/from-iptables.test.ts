import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../../lab/network/address-plan.ts';
import { compileRules } from '../../../lab/policy/compile.ts';
import { compiledForNft } from '../../../lab/policy/nft/from-iptables.ts';
import { statementsOf } from '../../../lab/policy/nft/statements.ts';
import { scenarios } from '../../../scenarios/index.ts';

const words = (rule: string, table = 'filter', chain = 'FORWARD') =>
  statementsOf(
    compiledForNft({ iptables: `*${table}\n-A ${chain} ${rule}\nCOMMIT\n`, nft: null }).ruleset ?? '',
  )
    .filter((statement) => statement.chain)
    .map(({ chain: own, text }) => `${own?.split(' ')[2]}: ${text}`);

describe('a compiled rule in nft has the words of', () => {
  it.each([
    [
      'addresses and ports',
      '-s 10.0.0.0/8 ! -d 10.0.0.1/32 -p tcp -m tcp --sport 20 --dport 1024:65535 -j ACCEPT',
      'forward: ip saddr 10.0.0.0/8 ip daddr != 10.0.0.1/32 meta l4proto tcp tcp sport 20 tcp dport 1024-65535 accept',
    ],
    [
      'ranges',
      '-m iprange ! --src-range 10.0.0.0-10.0.0.9 -j DROP',
      'forward: ip saddr != 10.0.0.0-10.0.0.9 drop',
    ],
    [
      'states and status',
      '-m conntrack --ctstate NEW,RELATED -m conntrack ! --ctstate DNAT -j DROP',
      'forward: ct state new,related ct status & dnat == 0 drop',
    ],
    [
      'marks, helpers and comments',
      '-m connmark --mark 0x1 -m helper --helper ftp -m comment --comment "a b" -j ACCEPT',
      'forward: ct mark 0x1 ct helper "ftp" accept comment "a b"',
    ],
    [
      'marking',
      '-m comment --comment x -j CONNMARK --set-xmark 0x2/0xffffffff',
      'forward: ct mark set 0x2 comment "x"',
    ],
  ])('%s', (_what, rule, expected) => {
    expect(words(rule)).toEqual([expected]);
  });

  it.each([
    [
      'raw',
      'PREROUTING',
      '-p tcp -m tcp --dport 21 -j CT --helper ftp',
      'helpers: meta l4proto tcp tcp dport 21 ct helper set "ftp"',
    ],
    [
      'nat',
      'PREROUTING',
      '-d 10.0.0.1/32 -j DNAT --to-destination 10.0.0.2:21',
      'destinations: ip daddr 10.0.0.1/32 dnat to 10.0.0.2:21',
    ],
    [
      'nat',
      'POSTROUTING',
      '-s 10.0.0.1/32 -j SNAT --to-source 10.0.0.2',
      'sources: ip saddr 10.0.0.1/32 snat to 10.0.0.2',
    ],
  ])('table %s, chain %s', (table, chain, rule, expected) => {
    expect(words(rule, table, chain)).toEqual([expected]);
  });
});

it('has as many rules as iptables for every scenario, for both versions of IP', () => {
  for (const { ruleSet } of scenarios.filter((one) => one.ruleSet.kind === 'isa')) {
    const plan = addressPlan(0);
    const [was, is] = [compileRules(ruleSet, plan), compileRules(ruleSet, plan, 'nft')];
    for (const firewall of ['isa-x', 'isa-y'] as const) {
      const { iptables = '', iptables6 = '' } = was[firewall] ?? {};
      const statements = statementsOf(is[firewall]?.ruleset ?? '');
      const own = statements.filter(({ chain = '' }) => / isa /.test(chain));
      expect(own, ruleSet.name).toHaveLength(`${iptables}${iptables6}`.match(/^-A /gm)?.length ?? 0);
    }
  }
});

/** Loads rules with the lab's own loader, in a container of the lab's firewall image that has no network. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentConnection } from '../../../lab/attempt/agent-connection.ts';
import { type Daemon, findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { openExec } from '../../../lab/engine/docker/streams.ts';
import type { FirewallRules } from '../../../lab/model/rule-set.ts';
import { noRules } from '../../../lab/model/rule-set.ts';
import { addressPlan } from '../../../lab/network/address-plan.ts';
import { compileRules } from '../../../lab/policy/compile.ts';
import { allow, external, ftp, internal, nat, ruleSet } from '../../../lab/policy/dsl.ts';
import { asRestoreInput, readTables } from '../../../lab/policy/iptables-save.ts';
import { words } from '../../../lab/policy/iptables-syntax.ts';
import { imageTag } from '../../../lab/stack/images.ts';
import { labels } from '../../../lab/stack/labels.ts';
import { scenarios } from '../../../scenarios/index.ts';

const plan = addressPlan(0);
let daemon: Daemon;
let container: Awaited<ReturnType<Daemon['docker']['createContainer']>> | undefined;
let agent: AgentConnection;

beforeAll(async () => {
  daemon = await findDaemon();
  container = await daemon.docker.createContainer({
    Image: imageTag('firewall'),
    Entrypoint: ['sleep', 'infinity'],
    Labels: { [labels.lab]: 'it-load' },
    HostConfig: { NetworkMode: 'none', CapAdd: ['NET_ADMIN'], Init: true },
  });
  await container.start();
  const { id } = container;
  agent = await AgentConnection.open('it-load', ({ onLine }) =>
    openExec(daemon, id, ['node', '/opt/ftplab/agent.cjs'], onLine),
  );
});
afterAll(async () => {
  agent?.close();
  await container?.remove({ force: true });
});

const load = (rules: FirewallRules) => agent.load(rules);

/** What is in force, without packet counts. */
async function inForce(): Promise<{ iptables: string; nft: string | null }> {
  const { iptables, nft } = await agent.counters();
  return { iptables: iptables.replaceAll(/^#.*\n|\[\d+:\d+\] ?/gm, ''), nft };
}

/** Table, chain and comment of every rule, in order within a chain. */
function outline(iptables: string): string[] {
  const commentOf = (rule: string) => {
    const found = words(rule) ?? [];
    return found[found.indexOf('--comment') + 1];
  };
  return readTables(iptables)
    .flatMap(({ name, rules }) => rules.map(({ chain, text }) => `${name} ${chain}: ${commentOf(text)}`))
    .sort((a, b) => (a.split(':')[0] ?? '').localeCompare(b.split(':')[0] ?? ''));
}

const shipped = scenarios.flatMap(({ ruleSet }) =>
  Object.entries(compileRules(ruleSet, plan)).map(
    ([firewall, rules]) => [ruleSet.name, firewall, rules] as const,
  ),
);

/** What the companion does to packets. */
function actions(nft: string | null): string[] {
  return nft?.match(/set 0x5858 comment ".*"|ct timeout set "\S+"/g) ?? [];
}

describe('the loader', () => {
  it.each(shipped)('puts %s on %s in force, rule by rule', async (_name, _firewall, rules) => {
    expect(await load(rules)).toMatchObject({ loaded: true, message: '' });
    const { iptables, nft } = await inForce();
    expect(outline(iptables)).toEqual(outline(rules.iptables));
    expect(actions(nft)).toEqual(actions(rules.nft));
  });

  it.each([['é'.repeat(64)], [`Bob's \\ $rule; {*} # 1`]])('keeps the rule name %s', async (name) => {
    const accessRules = [allow(name, { protocols: [ftp], from: [internal], to: [external] })];
    const both = { networkRule: nat(name), accessRules };
    const rules = compileRules(ruleSet({ name: 'names', description: '', both }), plan)['isa-y'] ?? noRules;
    await load(rules);
    const { iptables, nft } = await inForce();
    expect(outline(iptables)).toEqual(outline(rules.iptables));
    expect(nft).toContain(`comment "${name}"`);
  });

  it('leaves nothing of the former rule set', async () => {
    const former = ['raw', 'mangle', 'nat', 'filter']
      .map((table) => `*${table}\n:OUTPUT DROP [0:0]\n:own - [0:0]\n-A OUTPUT -j own\nCOMMIT\n`)
      .join('')
      .replace('*nat\n:OUTPUT DROP', '*nat\n:OUTPUT ACCEPT');
    expect(await load({ iptables: asRestoreInput(former), nft: null })).toMatchObject({ loaded: true });
    const [, , rules] = shipped[0] ?? [];
    if (!rules) throw new Error('Nothing is shipped');
    await load(rules);
    const { iptables } = await inForce();
    expect(outline(iptables)).toEqual(outline(rules.iptables));
    expect(iptables).not.toMatch(/own|OUTPUT DROP/);
  });

  it('restores rules that were changed by hand', async () => {
    const [, , rules] = shipped[0] ?? [];
    if (!rules || !container) throw new Error('Nothing is shipped');
    await load(rules);
    const before = await inForce();
    const exec = await openExec(daemon, container.id, ['iptables', '-F', 'FORWARD'], () => undefined);
    await exec.closed;
    expect((await inForce()).iptables).not.toBe(before.iptables);
    await load(rules);
    expect(await inForce()).toEqual(before);
  });
});

describe('what does not load', () => {
  const head = '*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n:FORWARD DROP [0:0]\n';
  const good: FirewallRules = { iptables: `${head}-A FORWARD -j ACCEPT\nCOMMIT\n`, nft: null };
  const table: [what: string, rules: FirewallRules, message: RegExp][] = [
    [
      'a match that does not exist',
      { iptables: `${head}-A FORWARD -m nosuch -j ACCEPT\nCOMMIT\n`, nft: null },
      /line 6\b[\s\S]*nosuch|nosuch[\s\S]*line:? 6\b/,
    ],
    [
      'an option without its value, after a table that is in force already',
      { iptables: `${head}-A FORWARD -j ACCEPT\n-A FORWARD -p tcp --dport\nCOMMIT\n`, nft: null },
      /line:? 7\b/,
    ],
    [
      'a set that does not exist, after a table that was changed',
      {
        iptables: `${head.replace('PREROUTING ACCEPT [0:0]', 'PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -j NOTRACK')}-A FORWARD -m set --match-set nosuch src -j DROP\nCOMMIT\n`,
        nft: null,
      },
      /nosuch/,
    ],
    [
      'a companion that is none',
      { iptables: good.iptables, nft: 'table inet ftp-filter { nonsense }' },
      /nonsense/,
    ],
  ];
  it.each(table)('leaves what was there: %s', async (_what, rules, message) => {
    expect(await load(good)).toMatchObject({ loaded: true });
    const before = await inForce();
    const { loaded, message: said } = await load(rules);
    expect(loaded).toBe(false);
    expect(said).toMatch(message);
    expect(await inForce()).toEqual(before);
  });
});

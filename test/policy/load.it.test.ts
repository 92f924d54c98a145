/** Loads compiled rule sets with the real tools, in a network namespace of their own: unshare(1), as root. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { compileRuleSet } from '../../lab/policy/compile.ts';
import { allow, external, ftp, internal, nat, ruleSet } from '../../lab/policy/dsl.ts';
import { parseIptablesSave, readTables } from '../../lab/policy/iptables-save.ts';
import { words } from '../../lab/policy/iptables-syntax.ts';
import type { FirewallRules } from '../../lab/policy/rule-set.ts';
import { scenarios } from '../../scenarios/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'ftplab-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const works = (script: string) => spawnSync('unshare', ['--net', 'sh', '-c', script]).status === 0;
const canLoad = works('iptables-save && nft list ruleset');

/** Loads rules one after another and returns what is in force in the end. */
function inForce(...sets: readonly FirewallRules[]): { iptables: string; nft: string } {
  const commands = sets.flatMap(({ iptables, nft }, index) => {
    writeFileSync(join(folder, `${index}.iptables`), iptables);
    writeFileSync(join(folder, `${index}.nft`), nft ?? '');
    return [`iptables-restore '${folder}/${index}.iptables'`, `nft -f '${folder}/${index}.nft'`];
  });
  const script = ['set -e', ...commands, 'iptables-save', 'echo ----', 'nft list ruleset'].join('\n');
  const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-c', script], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const [iptables = '', nft = ''] = stdout.split('----\n');
  return { iptables, nft };
}

/** Table, chain and comment of every rule, in order within a chain. */
function outline(iptables: string): string[] {
  return readTables(iptables)
    .flatMap(({ name, rules }) => rules.map(({ chain, text }) => `${name} ${chain}: ${commentOf(text)}`))
    .sort((a, b) => (a.split(':')[0] ?? '').localeCompare(b.split(':')[0] ?? ''));
}

function commentOf(rule: string): string | undefined {
  const found = words(rule) ?? [];
  return found[found.indexOf('--comment') + 1];
}

const plan = addressPlan(0);

describe.skipIf(!canLoad)('iptables and nft', () => {
  it.each(
    scenarios.flatMap(({ ruleSet }) =>
      Object.entries(compileRuleSet(ruleSet, plan)).map(
        ([firewall, rules]) => [ruleSet.name, firewall, rules] as const,
      ),
    ),
  )('load %s on %s', (name, _firewall, rules) => {
    const { iptables, nft } = inForce(rules);
    expect(outline(iptables)).toEqual(outline(rules.iptables));
    expect(nft.includes('table ip ftp-filter')).toBe(name === 'ftp-filter-read-only');
  });

  it.each([['é'.repeat(64)], [`Bob's \\ $rule; {*} # 1`]])('keep the rule name %s', (name) => {
    const accessRules = [allow(name, { protocols: [ftp], from: [internal], to: [external] })];
    const both = { networkRule: nat(name), accessRules };
    const rules = compileRuleSet(ruleSet({ name: 'names', description: '', both }), plan)['isa-y'];
    const { iptables, nft } = inForce(rules);
    expect(outline(iptables)).toEqual(outline(rules.iptables));
    expect(nft).toContain(`comment "${name}"`);
  });

  it('keep nothing of a former rule set', () => {
    const former = parseIptablesSave(
      ['raw', 'mangle', 'nat', 'filter']
        .map((table) => `*${table}\n:OUTPUT DROP [0:0]\n:own - [0:0]\n-A OUTPUT -j own\nCOMMIT\n`)
        .join('')
        .replace('*nat\n:OUTPUT DROP', '*nat\n:OUTPUT ACCEPT'),
    );
    const rules = compileRuleSet((scenarios[0] as (typeof scenarios)[0]).ruleSet, plan)['isa-x'];
    const { iptables } = inForce(former, rules);
    expect(outline(iptables)).toEqual(outline(rules.iptables));
    expect(iptables).not.toMatch(/own|OUTPUT DROP/);
  });
});

/** The change request for files of nft rules. */
import { expect, it } from 'vitest';
import type { TriedRules } from '../../lab/model/result/comparison.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { compileRules, savedRules } from '../../lab/policy/compile.ts';
import { readNftFile } from '../../lab/policy/nft/nft-file.ts';
import { changeRequest } from '../../lab/report/markdown/change-request/change-request.ts';
import { exposureOf, measured, pinholesOf } from '../exposure/fixtures.ts';
import { cell } from './fixtures.ts';

function side(file: string, text: string, kind: 'dropped' | 'up'): TriedRules {
  const rules = file.endsWith('.rules')
    ? savedRules(file, 'isa-y', text)
    : ({ kind: 'nft', name: file, firewall: 'isa-y', file: readNftFile(text, () => []) } as const);
  return {
    name: file,
    file,
    firewall: 'isa-y',
    ruleSet: null,
    rules: compileRules(rules, addressPlan(0)),
    cells: [cell(file, 'y-server', 'vsftpd', 'pasv', kind)],
    exposure: exposureOf(
      file,
      [measured('y-server', 'vsftpd', 40000, [[21, 21]])],
      pinholesOf(() => false),
    ),
  };
}

/** The text of one section. */
function sections(before: TriedRules, after: TriedRules): string[] {
  const text = changeRequest(
    { before, after },
    { version: '1.2.3', date: '2026-01-02', command: ['compare'] },
  );
  expect(text).not.toMatch(/\bISA\b|undefined|NaN/);
  return text.split(/^## \d+\. /m);
}

const plain = `table inet fw {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    tcp dport 21 accept
    tcp dport 80 accept
  }
  chain post {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "ppp0" masquerade
  }
}
`;
const helped = plain.replace(/\}\n$/, '  chain pre {\n    tcp dport 21 ct helper set "ftp"\n  }\n}\n');

it('has the new lines alone, and says how to keep, check, load and save the rules', () => {
  const [, , change = '', , , unchanged, , risks, back] = sections(
    side('gw.nft', plain, 'dropped'),
    side('new.nft', helped, 'up'),
  );
  expect(change.match(/^[+-] .*$/gm)).toEqual(['+ 13  tcp dport 21 ct helper set "ftp"']);
  for (const words of [
    'nft list ruleset > /root/before.nft',
    'nft -c -f new.nft',
    "{ echo 'flush ruleset'; cat new.nft; } | nft -f -",
    '/etc/nftables.conf',
  ])
    expect(change).toContain(words);
  expect(unchanged).toContain('isa-y: 4 of the 4 nft rules stay where they are');
  expect(risks).toMatch(/as far as line 4 of the new rules lets them/);
  expect(risks).toMatch(/have to log in again/);
  expect(back).toContain("{ echo 'flush ruleset'; cat /root/before.nft; } | nft -f -");
});

it('names rules that are lost', () => {
  const [, , , , , , , risks] = sections(
    side('gw.nft', plain, 'up'),
    side('new.nft', plain.replace('    oifname "ppp0" masquerade\n', ''), 'up'),
  );
  expect(risks).toMatch(
    /\*\*Lost\*\*: gw\.nft has a rule \(line 10: inet fw post: oifname "ppp0" masquerade\)/,
  );
  expect(risks).toMatch(/keep the addresses that they have/);
});

it('speaks of the configuration of the program that made the tables', () => {
  const [, , change, , , , , , back] = sections(
    side('gw.nft', plain.replace('inet fw', 'inet fw4'), 'dropped'),
    side('new.nft', helped.replace('inet fw', 'inet fw4'), 'up'),
  );
  expect(change).toMatch(/the work of OpenWrt[\s\S]*\/etc\/nftables\.d/);
  expect(back).toContain('service firewall reload');
});

it('has no steps from iptables to nft, and a way back', () => {
  const saved = '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp --dport 21 -j ACCEPT\nCOMMIT\n';
  const [, , change, , , , , , back] = sections(
    side('gw.rules', saved, 'dropped'),
    side('new.nft', plain, 'up'),
  );
  expect(change).toMatch(/one side is written in iptables and the other in nft/);
  expect(back).toContain('iptables-restore /root/before.rules');
});

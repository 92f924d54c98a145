import { describe, expect, it } from 'vitest';
import {
  type AddedRule,
  patchOf,
  rulesAdded,
  withoutRule,
  withRules,
} from '../../../lab/policy/fix/edit-rules.ts';
import { readSavedFile } from '../../../lab/policy/iptables-save.ts';

const related: AddedRule = {
  table: 'filter',
  chain: 'FORWARD',
  rule: '-s 10.0.0.1/32 -m conntrack --ctstate RELATED -j ACCEPT',
  before: null,
  purpose: 'FTP data',
};
const helper: AddedRule = {
  table: 'raw',
  chain: 'PREROUTING',
  rule: '-p tcp -m tcp --dport 21 -j CT --helper ftp',
  before: null,
  purpose: 'FTP helper',
};

const added = (text: string, rules: readonly AddedRule[]) => withRules(readSavedFile(text), rules);

const plain = `# a gateway
*filter
:FORWARD DROP [0:0]
-A FORWARD -p tcp --dport 21 -j ACCEPT
-A FORWARD -j DROP
COMMIT
`;

describe('withRules', () => {
  it('puts a rule in front of the line that refused the packet, and leaves every other line', () => {
    const changed = added(plain, [{ ...related, before: 5 }]);
    expect(changed).toBe(
      plain.replace(
        '-A FORWARD -j DROP',
        '-A FORWARD -s 10.0.0.1/32 -m conntrack --ctstate RELATED -j ACCEPT\n-A FORWARD -j DROP',
      ),
    );
  });

  it('puts a rule at the end of its chain where the policy decided', () => {
    expect(added(plain, [related])).toContain('-A FORWARD -j DROP\n-A FORWARD -s 10.0.0.1/32');
  });

  it('adds a table that the file lacks', () => {
    expect(added(plain, [helper])).toBe(
      `${plain}*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT\n`,
    );
  });

  it('adds to a table that has no rule in the chain yet, before its COMMIT', () => {
    const file = `*raw\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n${plain}`;
    expect(added(file, [helper])).toContain(
      ':PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT',
    );
  });

  it.each([
    ['counters', '*filter\n[7:420] -A FORWARD -j DROP\nCOMMIT\n', '[0:0] -A FORWARD -s 10.0.0.1/32'],
    [
      'the old state match',
      '*filter\n-A FORWARD -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n',
      '-m state --state RELATED -j ACCEPT',
    ],
    [
      'comments',
      '*filter\n-A FORWARD -m comment --comment "all else" -j DROP\nCOMMIT\n',
      '-m comment --comment "FTP data" -j ACCEPT',
    ],
  ])('writes as the file does: %s', (_what, file, line) => {
    expect(added(file, [related])).toContain(line);
  });

  it('adds nothing twice', () => {
    const once = added(plain, [related, helper]);
    expect(added(plain, [related, related, helper])).toBe(once);
    expect(added(once, [related, helper])).toBe(once);
  });
});

describe('withRules, for a rule that the file has in part', () => {
  const line = '-A FORWARD -s 10.0.0.1/32 -m conntrack --ctstate RELATED -j ACCEPT';
  const established = { ...related, rule: related.rule.replace('RELATED', 'ESTABLISHED') };

  it('moves one that stands behind the rule that refused', () => {
    const file = plain.replace('-j DROP\n', `-j DROP\n${line}\n`);
    expect(added(file, [{ ...related, before: 5 }])).toBe(
      plain.replace('-A FORWARD -j DROP', `${line}\n-A FORWARD -j DROP`),
    );
  });

  it('gives one the other state', () => {
    const once = added(plain, [{ ...related, before: 5 }]);
    expect(added(once, [{ ...established, before: 6 }])).toBe(once.replace('RELATED', 'RELATED,ESTABLISHED'));
  });
});

describe('withoutRule', () => {
  it('takes what was added away again, with a table that was added', () => {
    const whole = readSavedFile(added(plain, [{ ...related, before: 5 }, helper]));
    const [data, control] = rulesAdded(readSavedFile(plain), whole);
    expect([data?.table, control?.table]).toEqual(['filter', 'raw']);
    const without = control && withoutRule(whole, control, readSavedFile(plain));
    expect(without).toBe(added(plain, [{ ...related, before: 5 }]));
    const [left] = rulesAdded(readSavedFile(plain), readSavedFile(without ?? ''));
    expect(left && withoutRule(readSavedFile(without ?? ''), left, readSavedFile(plain))).toBe(plain);
  });
});

describe('patchOf', () => {
  it('is a unified diff of the one file', () => {
    expect(patchOf('gw.rules', plain, added(plain, [{ ...related, before: 5 }]))).toBe(`--- gw.rules
+++ gw.rules
@@ -2,5 +2,6 @@
 *filter
 :FORWARD DROP [0:0]
 -A FORWARD -p tcp --dport 21 -j ACCEPT
+-A FORWARD -s 10.0.0.1/32 -m conntrack --ctstate RELATED -j ACCEPT
 -A FORWARD -j DROP
 COMMIT
`);
  });
});

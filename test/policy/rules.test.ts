import { describe, expect, it } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import {
  type AccessRuleOptions,
  allow,
  cidr,
  deny,
  external,
  ftp,
  ftpControl,
  internal,
  nat,
  protocol,
  route,
  ruleSet,
  tcp,
  tcpRange,
} from '../../lab/policy/dsl.ts';

const outbound: AccessRuleOptions = { protocols: [ftp], from: [internal], to: [external] };
const both = { networkRule: route(), accessRules: [] };

function thrown(action: () => unknown): LabError {
  try {
    action();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

describe('what no rule set may say', () => {
  const long = 'é'.repeat(65);
  it.each<[string, () => unknown, string, string | RegExp]>([
    ['port 0', () => tcp(0), 'port-out-of-range', 'TCP port 0'],
    ['port 65536', () => tcpRange(1024, 65536), 'port-out-of-range', 'TCP port 65536'],
    ['a fraction of a port', () => tcp(20.5), 'port-out-of-range', 'TCP port 20.5'],
    ['a reversed range', () => tcpRange(65535, 1024), 'port-range-reversed', '65535 to 1024'],
    ['an address without a mask', () => cidr('10.1.2.3'), 'cidr-malformed', 'Did you mean "10.1.2.3/32"?'],
    ['host bits', () => cidr('10.1.2.3/24'), 'cidr-malformed', 'Did you mean "10.1.2.0/24"?'],
    ['a mask beyond 32', () => cidr('10.1.2.0/33'), 'cidr-malformed', '"10.1.2.0/33"'],
    ['an IPv6 network', () => cidr('2001:db8::/32'), 'cidr-malformed', '"2001:db8::/32"'],
    ['an octal-looking address', () => cidr('10.1.2'), 'cidr-malformed', 'Write it as "10.1.2.0/24"'],
    ['no primary connection', () => protocol('Empty', { primary: [] }), 'protocol-malformed', '"Empty"'],
    ['an empty name', () => allow('', outbound), 'rule-name-malformed', 'is empty'],
    ['a name in spaces', () => route(' a '), 'rule-name-malformed', '" a "'],
    ['a line break', () => allow('a\nb', outbound), 'rule-name-malformed', '"a\\nb"'],
    ['an invisible character', () => nat('a\u200bb'), 'rule-name-malformed', 'cannot be printed'],
    ['a double quote', () => deny('a "b"', outbound), 'rule-name-malformed', 'double quote'],
    ['130 bytes in 65 characters', () => allow(long, outbound), 'rule-name-malformed', '130 bytes'],
    ['no protocol', () => allow('a', { ...outbound, protocols: [] }), 'access-rule-malformed', '"a"'],
    ['no source', () => allow('a', { ...outbound, from: [] }), 'access-rule-malformed', '"from"'],
    ['no destination', () => allow('a', { ...outbound, to: [] }), 'access-rule-malformed', '"to"'],
    [
      'source ports of everything',
      () => allow('a', { ...outbound, protocols: 'all', sourcePorts: tcp(20) }),
      'access-rule-malformed',
      'source ports',
    ],
    [
      'Read Only without the filter',
      () => allow('a', { ...outbound, protocols: [ftpControl], ftpReadOnly: true }),
      'access-rule-malformed',
      'Read Only',
    ],
    [
      'a rule-set name in words',
      () => ruleSet({ name: 'My Rules!', description: '', both }),
      'rule-set-name-malformed',
      'Did you mean "my-rules"?',
    ],
    [
      'two rules of a name',
      () =>
        ruleSet({
          name: 'a',
          description: '',
          both: { ...both, accessRules: [allow('FTP', outbound), deny('FTP', outbound)] },
        }),
      'rule-name-duplicate',
      '"FTP"',
    ],
    [
      'the last rule again',
      () =>
        ruleSet({
          name: 'a',
          description: '',
          firewalls: {
            'isa-x': both,
            'isa-y': { ...both, accessRules: [allow('Default rule', outbound)] },
          },
        }),
      'rule-name-reserved',
      '"Default rule"',
    ],
  ])('%s', (_what, write, code, says) => {
    const error = thrown(write);
    expect(error).toMatchObject({ kind: 'usage', code });
    expect(`${error.message}. ${error.hint}`).toMatch(says);
  });
});

describe('what rule sets may say', () => {
  it.each([
    ['the longest name', 'é'.repeat(64)],
    ['single quotes and backslashes', `it's a \\ b`],
  ])('%s', (_what, name) => {
    expect(allow(name, outbound).name).toBe(name);
  });

  it('one rule name on each firewall', () => {
    const policy = { ...both, accessRules: [allow('FTP', outbound)] };
    expect(ruleSet({ name: 'a', description: '', both: policy }).firewalls['isa-y']).toEqual(policy);
  });
});

describe('Read Only', () => {
  it.each<[string, boolean, boolean]>([
    ['is on for a new rule with the FTP access filter', allow('a', outbound).ftpReadOnly, true],
    ['can be cleared', allow('a', { ...outbound, ftpReadOnly: false }).ftpReadOnly, false],
    ['is off without the filter', allow('a', { ...outbound, protocols: [ftpControl] }).ftpReadOnly, false],
    ['is off for all protocols', allow('a', { ...outbound, protocols: 'all' }).ftpReadOnly, false],
    ['is off if the rule denies', deny('a', outbound).ftpReadOnly, false],
  ])('%s', (_what, actual, expected) => {
    expect(actual).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import { allow, external, ftp, ftpServer, internal, publish, route, ruleSet } from '../../lab/policy/dsl.ts';
import { parseRuleSet } from '../../lab/policy/parse-rule-set.ts';
import { scenarios } from '../../scenarios/index.ts';

const inIsasTerms = scenarios.filter(({ ruleSet }) => 'firewalls' in ruleSet);

it.each(inIsasTerms.map(({ ruleSet }) => [ruleSet.name, ruleSet] as const))(
  '%s is accepted',
  (_name, shipped) => {
    expect(parseRuleSet(structuredClone(shipped))).toEqual(shipped);
  },
);

describe('what is not a rule set', () => {
  const good = ruleSet({
    name: 'good',
    description: 'Good.',
    both: {
      networkRule: route(),
      accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external] })],
    },
  });

  /** `good` with the value at a path replaced; `undefined` removes it. */
  function broken(path: readonly (string | number)[], value: unknown): unknown {
    const copy: unknown = JSON.parse(JSON.stringify(good));
    const parent = path.slice(0, -1).reduce((from, key) => (from as Record<string, unknown>)[key], copy);
    const last = path.at(-1) ?? '';
    if (value === undefined) delete (parent as Record<string, unknown>)[last];
    else (parent as Record<string, unknown>)[last] = value;
    return copy;
  }

  const rule = ['firewalls', 'isa-y', 'accessRules', 0];
  const at = 'firewalls.isa-y.accessRules[0]';
  const port = [...rule, 'protocols', 0, 'primary', 0, 'ports'];

  it.each<[string, unknown, string, ...string[]]>([
    ['a text', 'ftp', 'rule-set-malformed', 'the rule set is "ftp"'],
    ['undefined', undefined, 'rule-set-malformed', 'the rule set is undefined'],
    ['a function', function build() {}, 'rule-set-malformed', 'the rule set is a function (build)'],
    ['a list', [good], 'rule-set-malformed', 'the rule set is [{'],
    ['no description', broken(['description'], undefined), 'rule-set-malformed', 'description is missing'],
    ['an unknown field', broken(['nmae'], 'x'), 'rule-set-malformed', '"nmae"'],
    [
      'an unknown action',
      broken([...rule, 'action'], 'permit'),
      'rule-set-malformed',
      `${at}.action is "permit"`,
      '"allow"',
    ],
    [
      'an unknown filter',
      broken([...rule, 'protocols', 0, 'filter'], 'http'),
      'rule-set-malformed',
      `${at}.protocols[0].filter is "http"`,
    ],
    [
      'an unknown host',
      broken([...rule, 'to', 0], { kind: 'computer', host: 'iis' }),
      'host-unknown',
      `${at}.to[0]: there is no host "iis"`,
      'pure-ftpd',
    ],
    [
      'an unknown subnet',
      broken([...rule, 'to', 0], { kind: 'subnet', subnet: 'z' }),
      'subnet-unknown',
      `${at}.to[0]: there is no subnet "z"`,
    ],
    [
      'a server that is published on a firewall that does not guard it',
      broken(
        ['firewalls', 'isa-x', 'accessRules', 0],
        publish('Y', { server: 'y-server', protocol: ftpServer }),
      ),
      'publishing-rule-malformed',
      'which does not stand behind isa-x',
    ],
    ['an unknown kind', broken([...rule, 'to', 0], { kind: 'host' }), 'rule-set-malformed', `${at}.to[0]`],
    ['a port out of range', broken(port, [21, 70000]), 'port-out-of-range', at, '70000'],
    ['a reversed range', broken(port, [22, 21]), 'port-range-reversed', at, '22 to 21'],
    ['a bad source port', broken([...rule, 'sourcePorts'], [0, 0]), 'port-out-of-range', at, 'port 0'],
    [
      'a bad network',
      broken([...rule, 'from', 0], { kind: 'cidr', cidr: '10.0.0.1' }),
      'cidr-malformed',
      at,
      '10.0.0.1',
    ],
    ['a bad rule name', broken([...rule, 'name'], 'a"b'), 'rule-name-malformed', at, 'a\\"b'],
    [
      'a bad network rule',
      broken(['firewalls', 'isa-x', 'networkRule', 'name'], ''),
      'rule-name-malformed',
      'firewalls.isa-x.networkRule',
    ],
    ['a reserved name', broken([...rule, 'name'], 'Default rule'), 'rule-name-reserved', 'Default rule'],
    ['a bad name', broken(['name'], 'Not Kebab'), 'rule-set-name-malformed', 'not-kebab'],
  ])('%s', (_what, value, code, ...says) => {
    let error: unknown;
    try {
      parseRuleSet(value);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ kind: 'usage', code });
    const { message, hint } = error as LabError;
    for (const part of says) expect(`${message}. ${hint}`).toContain(part);
  });
});

import { describe, expect, it } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import { defineNetwork, languageOf, route } from '../../lab/policy/dsl.ts';

const network = defineNetwork({
  subnets: { lan: '10.60.1.0/24', internet: '198.51.100.0/24' },
  firewalls: {
    edge: { legs: { inside: { subnet: 'lan', number: 1 }, outside: { subnet: 'internet', number: 2 } } },
  },
  hosts: {
    desk: { subnet: 'lan', number: 10, image: 'client' },
    partner: { subnet: 'internet', number: 21, image: 'vsftpd' },
  },
});
const { computer, ruleSet, scenario, subnet } = languageOf(network);
const policy = { networkRule: route(), accessRules: [] };

describe('the language of a network', () => {
  it('gives every firewall of it the policy of both', () => {
    const rules = ruleSet({ name: 'mine', description: 'Nothing.', both: policy });
    expect(rules.firewalls).toEqual({ edge: policy });
  });

  it('knows its names: each of these is a type error', () => {
    // @ts-expect-error there is no such host
    computer('desky');
    // @ts-expect-error there is no such subnet
    subnet('dmz');
    // @ts-expect-error edge has no policy
    ruleSet({ name: 'mine', description: '', firewalls: {} });
    // @ts-expect-error there is no such firewall
    ruleSet({ name: 'mine', description: '', firewalls: { edge: policy, isa: policy } });
    const rules = ruleSet({ name: 'mine', description: '', both: policy });
    const rest = { servers: ['partner'], expect: { uploaded: true, cause: 'none' } } as const;
    scenario({ name: 'mine', question: '?', ruleSet: rules, cells: [{ clients: ['desk'], ...rest }] });
    // @ts-expect-error there is no such client
    scenario({ name: 'mine', question: '?', ruleSet: rules, cells: [{ clients: ['pc'], ...rest }] });
  });
});

it('a network is checked where it is defined', () => {
  expect(() => defineNetwork({ ...network, hosts: { desk: network.hosts.desk } })).toThrow(LabError);
});

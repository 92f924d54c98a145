import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { readSavedFile, readTables } from '../../lab/policy/iptables-save.ts';
import { publishedAddresses, publishedBy } from '../../lab/policy/published.ts';

const plan = { ...addressPlan(0), interfaces: { 'isa-y': { inside: 'eth1', outside: 'eth0' } } };

/** Where y-server is called under these rules of nat on isa-y. */
function called(...rules: readonly string[]) {
  const chains = [...new Set(['PREROUTING', ...rules.map((rule) => rule.split(' ')[1] ?? '')])];
  const declared = chains.map((chain) => `:${chain} ${chain === 'PREROUTING' ? 'ACCEPT' : '-'} [0:0]`);
  const text = ['*nat', ...declared, ...rules, 'COMMIT', ''].join('\n');
  return publishedBy(readTables(text), plan, 'isa-y').get('y-server') ?? null;
}

it('further addresses are given to the firewall, each once', () => {
  const at =
    '-A PREROUTING -d 198.51.100.9/32 -p tcp -m multiport --dports 21,50000:50100 -j DNAT --to-destination';
  const text = [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    `${at} 192.168.20.10`,
    `${at} 192.168.20.42`,
    'COMMIT',
    '',
  ].join('\n');
  const tables = readTables(text);
  expect(publishedBy(tables, plan, 'isa-y').get('y-server')).toEqual({ address: '198.51.100.9', port: 21 });
  expect(publishedAddresses({ saved: { text, tables } }, plan, 'isa-y')).toEqual({
    addresses: [{ device: 'eth0', address: '198.51.100.9' }],
  });
  expect(
    publishedAddresses({ saved: readSavedFile(text.replaceAll('100.9/', '100.3/')) }, plan, 'isa-y'),
  ).toEqual({});
});

it.each<[rule: string, called: { readonly address: string; readonly port: number } | undefined]>([
  [
    '-i eth0 -p tcp --dport 2121 -j DNAT --to-destination [2001:db8:0:2::10]:21',
    { address: '2001:db8:0:3::3', port: 2121 },
  ],
  [
    '-d 2001:db8:0:3::99/128 -p tcp --dport 21 -j DNAT --to-destination 2001:db8:0:2::10',
    { address: '2001:db8:0:3::99', port: 21 },
  ],
  ['-i eth0 -p tcp --dport 21 -j DNAT --to-destination 2001:db8:0:2::99', undefined],
])('over IPv6 clients outside call y-server where ip6tables publishes it: %s', (rule, called) => {
  const tables = readTables(`*nat\n-A PREROUTING ${rule}\nCOMMIT\n`, 'ipv6');
  expect(publishedBy(tables, plan, 'isa-y', 'ipv6').get('y-server')).toEqual(called);
});

describe('where clients outside call y-server', () => {
  it.each<[string, number | null, ...string[]]>([
    [
      'on the port of a DNAT rule',
      21,
      '-A PREROUTING -i eth0 -p tcp --dport 21 -j DNAT --to-destination 192.168.20.10:21',
    ],
    [
      'on the port that the rule changes',
      2121,
      '-A PREROUTING -p tcp -m tcp --dport 2121 -j DNAT --to-destination 192.168.20.10:21',
    ],
    [
      'on the port that it keeps',
      21,
      '-A PREROUTING -d 198.51.100.3/32 -p tcp -m multiport --dports 20,21,50000:50100 -j DNAT --to-destination 192.168.20.10',
    ],
    [
      'on its own port if everything is forwarded',
      21,
      '-A PREROUTING -d 198.51.100.3 -j DNAT --to-destination 192.168.20.10',
    ],
    [
      'by a rule in a chain of its own, as firewalld and OpenWrt have it',
      21,
      '-A PREROUTING -i eth0 -j PRE_public',
      '-A PRE_public -p tcp --dport 21 -j DNAT --to-destination 192.168.20.10:21',
    ],
    [
      'nowhere: a chain that no packet reaches',
      null,
      '-A DOCKER -p tcp --dport 21 -j DNAT --to-destination 192.168.20.10:21',
    ],
    [
      'nowhere: only passive ports are forwarded',
      null,
      '-A PREROUTING -p tcp --dport 50000:50100 -j DNAT --to-destination 192.168.20.10',
    ],
    [
      'nowhere: to another port of the server',
      null,
      '-A PREROUTING -p tcp --dport 21 -j DNAT --to-destination 192.168.20.10:2222',
    ],
    [
      'nowhere: an address of another host',
      null,
      '-A PREROUTING -d 198.51.100.21/32 -p tcp --dport 21 -j DNAT --to-destination 192.168.20.10:21',
    ],
    [
      'nowhere: what comes from inside',
      null,
      '-A PREROUTING -i eth1 -p tcp --dport 21 -j DNAT --to-destination 192.168.20.10:21',
    ],
    [
      'nowhere: another server',
      null,
      '-A PREROUTING -p tcp --dport 21 -j DNAT --to-destination 192.168.20.77:21',
    ],
  ])('%s', (_what, port, ...rules) => {
    expect(called(...rules)).toEqual(port === null ? null : { address: '198.51.100.3', port });
  });
});

import { describe, expect, it } from 'vitest';
import { rulesAdded, withRules } from '../../../lab/policy/fix/edit-rules.ts';
import { inConfiguration } from '../../../lab/policy/fix/generators.ts';
import { readSavedFile } from '../../../lab/policy/iptables-save.ts';
import { expertPatchOf, gateways, rulesOf } from '../../fix/gateways.ts';

const helper = '-s 10.0.0.1/32 -d 192.0.2.7/32 -p tcp -m tcp --dport 21 -j CT --helper ftp';
const related =
  '-s 10.0.0.1/32 -d 192.0.2.7/32 -p tcp -m tcp --dport 1024:65535 -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT';

async function configured(name: string, chain = 'FORWARD') {
  const gateway = gateways.find((one) => one.name === name);
  if (!gateway) throw new Error(`No gateway is called ${name}`);
  const file = readSavedFile(await rulesOf(gateway));
  const text = withRules(file, [
    { table: 'raw', chain: 'PREROUTING', rule: helper, before: null, purpose: 'helper' },
    { table: 'filter', chain, rule: related, before: null, purpose: 'data' },
  ]);
  return inConfiguration(file.tables, rulesAdded(file, readSavedFile(text)), false);
}

describe('how the program that wrote a file has a patch in its configuration', () => {
  it.each([
    ['ufw-port-21', 'ufw', 'FORWARD', [`-A PREROUTING ${helper}`, `-A ufw-before-forward ${related}`]],
    [
      'shorewall-port-21',
      'Shorewall',
      'loc-net',
      [
        'CT:helper:ftp:P 10.0.0.1 192.0.2.7 tcp 21',
        'ACCEPT loc:10.0.0.1 net:192.0.2.7 tcp 1024:65535 { helper=ftp }',
      ],
    ],
    [
      'firewalld-policy-ftp',
      'firewalld',
      'FORWARD',
      [`firewall-cmd --permanent --direct --add-rule ipv4 filter FORWARD 0 ${related}`],
    ],
    ['firehol-port-21', 'FireHOL', 'FORWARD', ['route ftp accept src 10.0.0.1 dst 192.0.2.7']],
    ['arno-no-related', "arno's iptables firewall", 'FORWARD', [`iptables -A FORWARD_CHAIN ${related}`]],
    ['fwbuilder-port-21', 'Firewall Builder', 'FORWARD', [`$IPTABLES -t filter -I FORWARD ${related}`]],
    ['docker-gateway', 'Docker', 'FORWARD', [`iptables -t filter -I DOCKER-USER ${related}`]],
  ])('%s', async (name, program, chain, lines) => {
    const configuration = await configured(name, chain);
    expect(configuration?.program).toBe(program);
    for (const line of lines) expect(configuration?.steps).toContain(line);
  });

  it.each(['ferm-port-21', 'masquerade-counters', 'uruk-forward-port-21', 'pyroman-port-21'])(
    'is not told of %s, which has no mark of a program that is known',
    async (name) => {
      expect(await configured(name)).toBeUndefined();
    },
  );
});

it.each(gateways)("the expert's patch of $name names files as patch -p0 takes them", async (gateway) => {
  expect(await expertPatchOf(gateway)).toMatch(
    new RegExp(`^--- ${gateway.name}\\.rules\\n\\+\\+\\+ ${gateway.name}\\.rules\\n@@`),
  );
});

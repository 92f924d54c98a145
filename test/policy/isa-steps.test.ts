import { describe, expect, it } from 'vitest';
import type { NetworkRule, PolicyRule } from '../../lab/model/rule-set.ts';
import {
  allow,
  computer,
  deny,
  external,
  ftp,
  ftpControl,
  ftpServer,
  ftpServerControl,
  internal,
  nat,
  outbound,
  protocol,
  publish,
  route,
  ruleSet,
  tcp,
  tcpRange,
} from '../../lab/policy/dsl.ts';
import { isaSteps } from '../../lab/policy/isa-steps.ts';

const ends = { from: [internal], to: [external] };
const ranged = protocol('Ranged', { primary: [outbound(tcpRange(50000, 50100))] });
const control = allow('FTP', { ...ends, protocols: [ftpControl] });
const readOnly = allow('FTP', { ...ends, protocols: [ftp] });
const writing = allow('FTP', { ...ends, protocols: [ftp], ftpReadOnly: false });
const published = publish('Y', { server: 'y-server', protocol: ftpServer });
const guests = deny('Guests', { ...ends, protocols: 'all' });

/** The steps on a firewall from some access rules to others. */
function steps(
  before: readonly PolicyRule[],
  after: readonly PolicyRule[],
  networks: readonly [NetworkRule | null, NetworkRule | null] = [route(), route()],
): readonly string[] {
  const [from, to] = [before, after].map((accessRules, index) =>
    ruleSet({
      name: 'r',
      description: '',
      both: { networkRule: networks[index] ?? null, accessRules },
    }),
  );
  if (!from || !to) throw new Error('There are two');
  return isaSteps(from, to, {})['isa-y'] ?? [];
}

describe("steps in ISA's console", () => {
  it.each<[string, PolicyRule[], PolicyRule[], (string | RegExp)[]]>([
    [
      'the filter is bound, with Read Only on',
      [control],
      [readOnly],
      [/FTP > Properties > Parameters: select .*"FTP Access Filter"/],
    ],
    [
      'the filter is bound and Read Only cleared',
      [control],
      [writing],
      [/select .*"FTP Access Filter"/, /"FTP" > Configure FTP: clear "Read Only"/],
    ],
    ['the filter is unbound', [writing], [control], [/Parameters: clear .*"FTP Access Filter"/]],
    [
      'Read Only is cleared',
      [readOnly],
      [writing],
      ['Firewall Policy > "FTP" > Configure FTP: clear "Read Only".'],
    ],
    ['Read Only is set', [writing], [readOnly], [/Configure FTP: select "Read Only"/]],
    [
      'a rule with a protocol of its own is made',
      [control],
      [control, allow('Data', { from: [internal], to: [computer('pure-ftpd')], protocols: [ranged] })],
      [
        /New > Protocol: name "Ranged"; primary connections TCP ports 50000-50100 Outbound; no application filter/,
        /Create New Access Rule: name "Data", action Allow, protocols "Ranged", from Internal, to computer pure-ftpd, .*put it directly below "FTP"\./,
      ],
    ],
    [
      'source ports are limited',
      [],
      [allow('Data', { ...ends, protocols: [ranged], sourcePorts: tcp(20) })],
      [/New > Protocol/, /Create New Access Rule/, /Ports: limit access to traffic from source port 20/],
    ],
    [
      'a server is published, with uploads, on another port, and hides the clients',
      [],
      [
        publish('Y', {
          server: 'y-server',
          protocol: ftpServer,
          port: 2121,
          keepClientAddress: false,
          ftpReadOnly: false,
        }),
      ],
      [
        /FTP Server > Properties > Parameters: select .*"FTP Access Filter"/,
        /New Server Publishing Rule: name "Y", server y-server, protocol FTP Server, Ports: publish on port 2121 .*External; put it first\. Then "Y" > Properties > To: .*from the ISA Server computer\./,
        /"Y" > Configure FTP: clear "Read Only"/,
      ],
    ],
    [
      'another server is published, without the filter',
      [published],
      [publish('Y', { server: 'y-server-pinned', protocol: ftpServerControl })],
      [/FTP Server > Properties > Parameters: clear/, /"Y" > Properties: To: server y-server-pinned\./],
    ],
    [
      'a publishing rule takes the place of an access rule with its name',
      [{ ...control, name: 'Y' }],
      [published],
      [/FTP Server > Properties/, /"Y" > Delete/, /Create New Server Publishing Rule: name "Y"/],
    ],
    ['a rule is deleted', [guests, writing], [writing], [/"Guests" > Delete/]],
    [
      'a rule is renamed',
      [control],
      [{ ...control, name: 'FTP only' }],
      [/"FTP" > Properties: General: name "FTP only"/],
    ],
    [
      'its ends change',
      [control],
      [{ ...control, to: [computer('vsftpd')] }],
      [/"FTP" > Properties: To: computer vsftpd/],
    ],
    [
      'the order changes',
      [guests, writing],
      [writing, guests],
      [/> Move Up or Move Down until it is (first|directly below "FTP")\./],
    ],
    [
      'rules are created above a renamed one: each goes below a rule that exists by then',
      [control],
      [
        guests,
        allow('Data', { from: [internal], to: [computer('vsftpd')], protocols: [ranged] }),
        { ...control, name: 'FTP only' },
      ],
      [
        /New > Protocol/,
        /name "Guests".*put it first\./,
        /name "Data".*directly below "Guests"\./,
        /"FTP" > Properties: General: name "FTP only"/,
      ],
    ],
    [
      'a rule of a protocol that changes',
      [allow('Data', { ...ends, protocols: [ranged] })],
      [
        allow('Data', {
          ...ends,
          protocols: [protocol('Ranged', { primary: [outbound(tcpRange(50000, 50010))] })],
        }),
      ],
      [/"Ranged" > Properties: primary connections TCP ports 50000-50010 Outbound/],
    ],
  ])('%s', (_what, before, after, expected) => {
    const found = steps(before, after);
    expect(found).toHaveLength(expected.length + 1);
    for (const [index, text] of expected.entries())
      if (typeof text === 'string') expect(found[index]).toBe(text);
      else expect(found[index]).toMatch(text);
    expect(found.at(-1)).toMatch(/^Press Apply/);
  });

  it.each<[string, NetworkRule | null, NetworkRule | null, RegExp]>([
    [
      'route becomes NAT',
      route(),
      nat(),
      /Network Rules > "Internal to External" > Properties: relationship Network Address Translation/,
    ],
    [
      'a network rule is made',
      null,
      route(),
      /Create a New Network Rule: name "Internal to External".*relationship Route/,
    ],
    [
      'a network rule is deleted',
      route(),
      null,
      /delete "Internal to External"\. Without it, nothing passes/,
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(steps([], [], [before, after])[0]).toMatch(expected);
  });

  it('are empty if nothing changes', () => expect(steps([guests, writing], [guests, writing])).toEqual([]));
});

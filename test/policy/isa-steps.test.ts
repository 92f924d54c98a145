import { describe, expect, it } from 'vitest';
import type { AccessRule, NetworkRule } from '../../lab/model/rule-set.ts';
import {
  allow,
  computer,
  deny,
  external,
  ftp,
  ftpControl,
  internal,
  nat,
  outbound,
  protocol,
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
const guests = deny('Guests', { ...ends, protocols: 'all' });

/** The steps on a firewall from some access rules to others. */
function steps(
  before: readonly AccessRule[],
  after: readonly AccessRule[],
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
  return isaSteps(from, to, {})['isa-y'];
}

describe("steps in ISA's console", () => {
  it.each<[string, AccessRule[], AccessRule[], (string | RegExp)[]]>([
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

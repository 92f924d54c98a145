import { describe, expect, it } from 'vitest';
import { called, hostMeant, idCalled, namesFrom, oneHostOf, pathCalled } from '../../lab/model/names.ts';
import { firewallNames } from '../../lab/network/topology.ts';

const names = namesFrom([
  ['isa-y', 'gw1'],
  ['y-server', 'build01.example.com'],
]);

describe('hosts with names of the user', () => {
  it('are called by them, and the others as before', () => {
    expect(called('isa-y', names)).toBe('gw1');
    expect(called('isa-x', names)).toBe('isa-x');
    expect(called('this machine', names)).toBe('this machine');
    expect(called('constructor', names)).toBe('constructor');
  });

  it('are called so in cells, but a rule set that is called like a host keeps its name', () => {
    expect(pathCalled('y-server/vsftpd/pasv', names)).toBe('build01.example.com/vsftpd/pasv');
    expect(idCalled('isa-y/y-server/vsftpd/pasv', names)).toBe('isa-y/build01.example.com/vsftpd/pasv');
  });

  it('are meant by them, and by those of the lab', () => {
    expect(hostMeant('gw1', names)).toBe('isa-y');
    expect(hostMeant('isa-y', names)).toBe('isa-y');
    expect(oneHostOf('firewall', 'gw1', firewallNames(), names)).toBe('isa-y');
  });

  it('are offered by them if a word means none', () => {
    expect(() => oneHostOf('firewall', 'nonsense', firewallNames(), names)).toThrow(
      expect.objectContaining({
        message: 'There is no firewall "nonsense"',
        hint: 'There are: isa-x, gw1.',
      }),
    );
  });
});

describe('a name is refused', () => {
  it.each([
    [
      'for a host that the lab does not have',
      [['isa-z', 'gw1']],
      'no host "isa-z"',
      'Did you mean "isa-x" or "isa-y"',
    ],
    [
      'that two hosts have',
      [
        ['isa-x', 'gw'],
        ['isa-y', 'GW'],
      ],
      'isa-y is called so too',
      'another name',
    ],
    [
      'that another host has in the lab',
      [['isa-y', 'vsftpd']],
      'vsftpd is called so in the lab',
      'another name',
    ],
    [
      'that is the own name of a host with another one',
      [
        ['isa-x', 'isa-y'],
        ['isa-y', 'gw'],
      ],
      'isa-y is called so in the lab',
      'another name',
    ],
    ['that is a transfer mode', [['isa-y', 'pasv']], 'another meaning', 'another name'],
    [
      'that looks like an address',
      [['y-server', '10.1.2.3']],
      'looks like an address',
      '--host y-server=ADDRESS',
    ],
    ['with a slash', [['isa-y', 'a/b']], 'cannot be called "a/b"', 'letters, digits'],
    ['with an escape sequence', [['isa-y', '\u001b[31mgw']], 'cannot be called', 'letters, digits'],
    ['that is markup', [['isa-y', '<b>']], 'cannot be called "<b>"', 'letters, digits'],
    ['that is long', [['isa-y', 'g'.repeat(33)]], 'cannot be called', 'at most 32'],
  ] as const)('%s', (_why, given, message, hint) => {
    expect(() => namesFrom(given)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  it('but not if a host keeps its own, or a later name replaces an earlier one', () => {
    expect(namesFrom([['isa-y', 'isa-y']])).toEqual({ 'isa-y': 'isa-y' });
    expect(
      namesFrom([
        ['isa-y', 'old'],
        ['isa-y', 'new'],
      ]),
    ).toEqual({ 'isa-y': 'new' });
  });
});

import { describe, expect, it } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import type { NetworkDefinition } from '../../lab/network/definition.ts';
import { firewallsOnWay, wayOut } from '../../lab/network/network.ts';
import { networkOf } from '../../lab/network/read-network.ts';
import { shipped } from '../../lab/network/shipped.ts';
import { loadDefaultExport } from '../../lab/trial/load-module.ts';

const example = async (name: string) =>
  (await loadDefaultExport(`examples/networks/${name}.network.ts`)).exported as NetworkDefinition;
const [dmz, flat, row] = await Promise.all(['dmz', 'flat', 'two-in-a-row'].map(example));
if (!dmz || !flat || !row) throw new Error('There are three');

/** The provider's network: a row with a branch office behind the own firewall as well. */
const branches = networkOf({
  subnets: { ...row.subnets, branch: '10.61.3.0/24', lab: '10.61.4.0/24' },
  firewalls: {
    ...row.firewalls,
    branches: {
      legs: {
        wan: { subnet: 'transit', number: 3 },
        branch: { subnet: 'branch', number: 1 },
        lab: { subnet: 'lab', number: 1 },
      },
      outside: 'wan',
    },
  },
  hosts: row.hosts,
});

describe('the firewalls that packets cross', () => {
  it.each([
    ['x', 'external', ['isa-x'], networkOf(shipped)],
    ['external', 'y', ['isa-y'], networkOf(shipped)],
    ['x', 'y', ['isa-x', 'isa-y'], networkOf(shipped)],
    ['x', 'x', [], networkOf(shipped)],
    ['lan', 'dmz', ['edge'], networkOf(dmz)],
    ['internet', 'dmz', ['edge'], networkOf(dmz)],
    ['lan', 'internet', ['own', 'provider'], networkOf(row)],
    ['internet', 'lan', ['provider', 'own'], networkOf(row)],
    ['lan', 'transit', ['own'], networkOf(row)],
    ['lan', 'lab', ['own', 'branches'], branches],
    ['branch', 'lab', ['branches'], branches],
    ['internet', 'branch', ['provider', 'branches'], branches],
    ['office', 'office', [], networkOf(flat)],
  ])('from %s to %s are %j', (from, to, firewalls, network) => {
    expect(firewallsOnWay(network, from, to)).toEqual(firewalls);
  });

  it('are those on the way out from each subnet', () => {
    expect(wayOut(branches, 'lab')).toEqual(['lab', 'transit', 'internet']);
  });
});

describe('a network is refused', () => {
  const changed = (change: object) => ({ ...structuredClone(dmz), ...change });
  const leg = (subnet: string, number = 1) => ({ subnet, number });
  it.each<[string, unknown, RegExp]>([
    ['that is none', 'dmz', /the network is "dmz": .*object/],
    ['without subnets', { firewalls: {}, hosts: {} }, /subnets is missing/],
    [
      'with a range that is none',
      changed({ subnets: { lan: '10.60.1' } }),
      /subnets\.lan is "10\.60\.1": .*192\.168\.10\.0\/24/,
    ],
    [
      'with a name that no host can have',
      changed({ hosts: { 'My PC': {} } }),
      /hosts has the key "My PC": expected a name .*lower-case letters/,
    ],
    ['with a field too many', changed({ colour: 'red' }), /unknown field "colour"/],
    [
      'with a host in no subnet',
      changed({ hosts: { ...dmz.hosts, pc: { subnet: 'wifi', number: 1, image: 'client' } } }),
      /pc is in the subnet "wifi".* There are: lan, dmz, internet/,
    ],
    [
      'with two hosts at one number',
      changed({ hosts: { ...dmz.hosts, pc: { subnet: 'lan', number: 10, image: 'client' } } }),
      /desk and pc both have the number 10 in lan/,
    ],
    [
      "with a host at a firewall's number",
      changed({ hosts: { ...dmz.hosts, pc: { subnet: 'dmz', number: 1, image: 'client' } } }),
      /edge's leg dmz and pc both have the number 1 in dmz/,
    ],
    [
      'with one name for two things',
      changed({ hosts: { ...dmz.hosts, edge: { subnet: 'lan', number: 9, image: 'client' } } }),
      /Two things are called "edge"/,
    ],
    ['without servers', changed({ hosts: { desk: dmz.hosts.desk } }), /no FTP server/],
    ['without clients', changed({ hosts: { 'dmz-ftp': dmz.hosts['dmz-ftp'] } }), /no client/],
    [
      'with a firewall that leads nowhere',
      changed({ firewalls: { edge: { legs: { a: leg('lan'), b: leg('dmz') } } } }),
      /edge has no leg "outside"; .*outside: "LEG"/,
    ],
    [
      'with a subnet that nothing joins',
      changed({ firewalls: { edge: { legs: { inside: leg('lan'), outside: leg('internet', 2) } } } }),
      /Nothing joins dmz and internet/,
    ],
    [
      'with a subnet that two firewalls guard',
      changed({
        firewalls: {
          ...dmz.firewalls,
          second: { legs: { inside: leg('lan', 2), outside: leg('internet', 3) } },
        },
      }),
      /Both edge and second have "lan" behind them/,
    ],
    [
      'in which everything is behind a firewall',
      changed({
        subnets: { lan: '10.60.1.0/24', dmz: '10.60.2.0/24' },
        firewalls: {
          a: { legs: { inside: leg('lan'), outside: leg('dmz') } },
          b: { legs: { inside: leg('dmz', 2), outside: leg('lan', 2) } },
        },
        hosts: { desk: dmz.hosts.desk, 'dmz-ftp': dmz.hosts['dmz-ftp'] },
      }),
      /Every subnet is behind a firewall; one must be outermost/,
    ],
    [
      'with firewalls in a circle',
      changed({
        subnets: { ...dmz.subnets, far: '10.60.3.0/24', farther: '10.60.4.0/24' },
        firewalls: {
          ...dmz.firewalls,
          a: { legs: { inside: leg('far'), outside: leg('farther') } },
          b: { legs: { inside: leg('farther', 2), outside: leg('far', 2) } },
        },
      }),
      /far, farther are behind each other/,
    ],
    [
      'with a staged server on a client',
      changed({ staged: { extra: { on: 'desk', number: 40, port: 21, about: '' } } }),
      /extra is to run on "desk", which is no server/,
    ],
  ])('%s', (_what, value, message) => {
    const error = (() => {
      try {
        networkOf(value);
        return null;
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: 'network-malformed', message: expect.stringMatching(message) });
  });
});

import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { noOwnAddresses, withOwnAddresses } from '../../lab/network/own-addresses.ts';
import { readTables } from '../../lab/policy/iptables-save.ts';
import { unworkableRules } from '../../lab/policy/unworkable-rules.ts';
import { unworkableInWords } from '../../lab/policy/unworkable-words.ts';

const plan = withOwnAddresses(addressPlan(0), {
  ...noOwnAddresses,
  interfaces: { 'isa-y': { inside: 'eth1', outside: 'ppp0' } },
});
const place = { plan, firewall: 'isa-y' } as const;
const surroundings = { ...place, sets: new Set(['known']), addressesKnown: false };
const filter = (...lines: string[]) => ['*filter', ':FORWARD DROP [0:0]', ...lines, 'COMMIT', ''].join('\n');
const found = (text: string, more: { readonly addressesKnown?: boolean } = {}) =>
  unworkableRules(readTables(text), { ...surroundings, ...more });

describe('what a production firewall has and the lab does not', () => {
  it.each<[rule: string, kind: string, name: string, matters: boolean]>([
    ['-A FORWARD -i tun0 -j ACCEPT', 'interface', 'tun0', false],
    ['-A FORWARD -o eth2+ -j DROP', 'interface', 'eth2+', false],
    ['-A FORWARD -m physdev --physdev-in eth3 -j DROP', 'bridge port', 'eth3', true],
    ['-A FORWARD -s 10.1.2.0/24 -p tcp -j ACCEPT', 'address', '10.1.2.0/24', true],
    ['-A FORWARD -d 203.0.113.9/32 -p tcp -m tcp --dport 21 -j ACCEPT', 'address', '203.0.113.9/32', true],
    ['-A FORWARD -d 203.0.113.9/32 -p tcp -m tcp --dport 443 -j ACCEPT', 'address', '203.0.113.9/32', false],
    ['-A FORWARD -d 203.0.113.9/32 -p udp -j ACCEPT', 'address', '203.0.113.9/32', false],
    ['-A FORWARD -i tun0 -s 10.1.2.3/32 -j ACCEPT', 'address', '10.1.2.3/32', false],
    ['-A FORWARD -m iprange --src-range 10.1.2.3-10.1.2.9 -j DROP', 'address', '10.1.2.3-10.1.2.9', true],
    ['-A INPUT -s 10.1.2.0/24 -j ACCEPT', 'address', '10.1.2.0/24', false],
    ['-A FORWARD -s 2001:db8:77::/48 -p tcp -j ACCEPT', 'address', '2001:db8:77::/48', true],
    ['-A FORWARD -m iprange --src-range fd00::1-fd00::9 -j DROP', 'address', 'fd00::1-fd00::9', true],
    ['-A FORWARD -j DNAT --to-destination [2001:db8:77::5]:21', 'answering address', '2001:db8:77::5', true],
    ['-A FORWARD -j SNAT --to-source 2001:db8:77::5', 'answering address', '2001:db8:77::5', true],
    ['-A FORWARD -m set --match-set banned src -j DROP', 'set', 'banned', true],
    ['-A FORWARD -m set ! --match-set office src -j DROP', 'set', 'office', true],
    ['-A INPUT -m set --match-set banned src -j DROP', 'set', 'banned', false],
    ['-A FORWARD -m mac --mac-source 00:11:22:33:44:55 -j ACCEPT', 'MAC address', '00:11:22:33:44:55', true],
    ['-A FORWARD -p tcp -j NFQUEUE --queue-num 1', 'queue', 'NFQUEUE', true],
  ])('%s', (rule, kind, name, matters) => {
    expect(found(filter(rule))).toContainEqual({ line: 3, kind, name, matters });
  });

  it.each([
    '-A FORWARD -i eth1 -o ppp0 -j ACCEPT',
    '-A FORWARD -i eth+ -j ACCEPT',
    '-A INPUT -i lo -j ACCEPT',
    '-A FORWARD ! -i tun0 -j DROP',
    '-A FORWARD -s 192.168.0.0/16 -j ACCEPT',
    '-A FORWARD -s 224.0.0.0/4 -j DROP',
    '-A FORWARD -d 255.255.255.255/32 -j DROP',
    '-A FORWARD ! -s 10.1.2.0/24 -j DROP',
    '-A FORWARD -m iprange --src-range 192.168.20.1-192.168.20.50 -j DROP',
    '-A FORWARD -m set --match-set known src -j DROP',
    '-A FORWARD -m comment --comment "-i tun0 -s 10.1.2.3" -j ACCEPT',
  ])('%s refers to nothing foreign', (rule) => {
    expect(found(filter(rule))).toEqual([]);
  });

  it('does not matter in a chain reached only from foreign interfaces', () => {
    const text = filter(
      ':vpn - [0:0]',
      '-A FORWARD -i tun0 -j vpn',
      '-A vpn -s 10.8.0.0/24 -m set --match-set banned src -j ACCEPT',
    );
    expect(found(text).map(({ line, matters }) => [line, matters])).toEqual([
      [4, false],
      [5, false],
      [5, false],
    ]);
  });

  it('does not matter behind a rule that decides about everything', () => {
    const text = filter('-A FORWARD -j ACCEPT', '-A FORWARD -m set --match-set banned src -j DROP');
    expect(found(text)).toMatchObject([{ line: 4, matters: false }]);
  });

  it('an address no longer matters once both ends have their production addresses', () => {
    const text = filter('-A FORWARD -d 203.0.113.9/32 -p tcp -j ACCEPT');
    expect(found(text, { addressesKnown: true })).toMatchObject([{ matters: false }]);
  });

  it('a NAT address that no host has matters', () => {
    const text = '*nat\n-A POSTROUTING -o ppp0 -j SNAT --to-source 203.0.113.5:1024-65535\nCOMMIT\n';
    expect(found(text)).toEqual([{ line: 2, kind: 'answering address', name: '203.0.113.5', matters: true }]);
  });
});

describe('the notes', () => {
  it('lists what can matter first, with line ranges and a remedy', () => {
    const text = filter(
      '-A FORWARD -i tun0 -j ACCEPT',
      '-A FORWARD -o tun0 -j ACCEPT',
      '-A FORWARD -i wg0 -j ACCEPT',
      '-A FORWARD -m set --match-set banned src -j DROP',
    );
    const notes = unworkableInWords(found(text), place);
    expect(notes.map(({ kind }) => kind)).toEqual(['can-matter', 'cannot-matter', 'cannot-matter']);
    expect(notes.map((note) => note.text)).toEqual([
      'Line 6: ipset banned is missing and counts as empty. It CAN MATTER to an upload: give the ipsets (--ipset FILE, the output of "ipset save").',
      'Lines 3-4: isa-y has no interface tun0 here. They cannot matter: uploads pass through eth1 and ppp0.',
      'Line 5: isa-y has no interface wg0 here. It cannot matter: uploads pass through eth1 and ppp0.',
    ]);
  });

  it('puts thousands of addresses into one sentence', () => {
    const rules = Array.from(
      { length: 9000 },
      (_, n) => `-A FORWARD -s 10.${n >> 8}.${n & 255}.1/32 -j DROP`,
    );
    const [note, ...others] = unworkableInWords(found(filter(...rules)), place);
    expect(note?.text).toMatch(
      /^Lines 3-9002: no host in the lab has 10\.0\.0\.1\/32, .* and 8,997 more\..* \(--host NAME=ADDRESS\)\.$/,
    );
    expect(others).toEqual([]);
  });
});

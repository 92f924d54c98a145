import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { foreignAddresses } from '../../lab/policy/foreign-addresses.ts';
import { parseIptablesSave } from '../../lab/policy/iptables-save.ts';

const file = (rule: string) => `*filter\n:FORWARD DROP [0:0]\n${rule}\nCOMMIT\n`;

describe('rules about what the lab has not', () => {
  it.each(['-i eth1', '-o ppp0', '--in-interface eth0', '! -i eth1', '-i eth+', '-ieth1'])(
    '%s is refused with its line',
    (option) => {
      expect(() => parseIptablesSave(file(`-A FORWARD ${option} -j ACCEPT`))).toThrow(
        /^Line 3 is about the interface (eth|ppp)/,
      );
    },
  );

  it.each(['-i inside', '-o outside', '-i lo', '-i in+', '-o +', '-m comment --comment "-i eth0"'])(
    '%s is fine',
    (option) => {
      expect(() => parseIptablesSave(file(`-A FORWARD ${option} -j ACCEPT`))).not.toThrow();
    },
  );

  it.each([
    ['-s 10.1.2.0/24', ['10.1.2.0/24']],
    ['-s 10.1.2.3', ['10.1.2.3']],
    ['-s 192.168.20.10/32 -d 203.0.113.9/32', ['203.0.113.9/32']],
    ['-s 192.168.0.0/16', []],
    ['-s 0.0.0.0/0', []],
    ['! -s 10.1.2.0/24', []],
  ])('%s: %j match nothing', (option, addresses) => {
    const found = foreignAddresses(file(`-A FORWARD ${option} -j ACCEPT`), addressPlan(0));
    expect(found).toEqual(addresses.map((address) => ({ line: 3, address })));
  });
});

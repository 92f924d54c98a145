import { describe, expect, it } from 'vitest';
import {
  addressIn,
  addressOf,
  addressPlan,
  firstOverlap,
  overlaps,
  slotCount,
} from '../../lab/network/address-plan.ts';

describe('addressPlan', () => {
  it('gives no two slots the same address', () => {
    const plans = Array.from({ length: slotCount }, (_, slot) => Object.values(addressPlan(slot).subnets));
    for (const [slot, subnets] of plans.entries())
      for (const other of plans.slice(slot + 1)) expect(firstOverlap(subnets, other)).toBeUndefined();
  });

  it.each([-1, slotCount, 1.5])('refuses slot %s by name', (slot) => {
    expect(() => addressPlan(slot)).toThrow(`Slot ${slot} does not exist`);
  });

  it.each([0, 255, -3, 1.5])('refuses host number %s', (number) => {
    expect(() => addressIn(addressPlan(0), 'y', number)).toThrow(`Host number ${number} is outside subnet`);
  });
});

it('gives hosts the digits of their number by IPv6', () => {
  const plan = addressPlan(7);
  expect(addressIn(plan, 'x', 1, 'ipv6')).toBe('2001:db8:0:1::1');
  expect(addressIn(plan, 'external', 21, 'ipv6')).toBe('2001:db8:0:3::21');
  expect(addressOf(plan, 'isa-y', 'ipv6')).toBe('2001:db8:0:3::3');
});

describe('overlaps', () => {
  it.each([
    ['192.168.20.0/24', '192.168.20.7', true],
    ['192.168.20.0/24', '192.168.0.0/16', true],
    ['10.0.0.0/8', '10.255.255.53', true],
    ['192.168.20.0/24', '192.168.21.0/24', false],
    ['198.51.100.0/24', '2001:db8::/32', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
    expect(overlaps(b, a)).toBe(expected);
  });
});

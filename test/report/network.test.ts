import { describe, expect, it } from 'vitest';
import { addressOf, addressPlan } from '../../lab/network/address-plan.ts';
import { firewallNames, machineNames } from '../../lab/network/topology.ts';
import { networkPicture } from '../../lab/report/text/network.ts';

describe('networkPicture', () => {
  it.each([
    [0, 120],
    [0, 72],
    [0, 40],
    [57, 80],
  ])('names every host with its address: slot %i at %i columns', (slot, width) => {
    const plan = addressPlan(slot);
    const text = networkPicture(plan, { width, color: false });
    for (const host of [...machineNames(), ...firewallNames()]) {
      expect(text).toContain(host);
      expect(text).toContain(addressOf(plan, host));
    }
    for (const subnet of Object.values(plan.subnets)) expect(text).toContain(subnet);
  });

  it.each([72, 80, 200])('is a drawing within %i columns', (width) => {
    const lines = networkPicture(addressPlan(0), { width, color: false }).split('\n');
    expect(lines.some((line) => line.includes('===='))).toBe(true);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('is a list if the drawing does not fit', () => {
    expect(networkPicture(addressPlan(0), { width: 40, color: false })).not.toContain('====');
  });
});

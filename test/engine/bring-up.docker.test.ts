import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { bringUp } from '../../lab/engine/bring-up.ts';
import { choosePlan } from '../../lab/engine/clash.ts';
import { dockerEngine } from '../../lab/engine/docker/engine.ts';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import type { Engine } from '../../lab/engine/engine.ts';
import { addressPlan, firstOverlap } from '../../lab/network/address-plan.ts';
import { firewallNames, machineNames, subnetNames } from '../../lab/network/topology.ts';

/** Hosts and networks of a lab. */
const all = machineNames().length + firewallNames().length + subnetNames().length;

let daemon: Daemon;
let engine: Engine;
let state: string;
const names = ['it-c-left', 'it-c-right'];
beforeAll(async () => {
  daemon = await findDaemon();
  engine = dockerEngine(daemon);
  state = await mkdtemp(join(tmpdir(), 'it-c-state-'));
  process.env.FTPLAB_STATE = state;
});
afterEach(async () => {
  for (const name of names) await engine.down(name);
});
afterAll(async () => {
  delete process.env.FTPLAB_STATE;
  await rm(state, { recursive: true, force: true });
});

it('gives two labs that start at the same moment different addresses', async () => {
  const [left, right] = await Promise.all(names.map((name) => bringUp(engine, name)));
  if (left === undefined || right === undefined) throw new Error('two labs were asked for');
  expect(firstOverlap(Object.values(left.plan.subnets), Object.values(right.plan.subnets))).toBeUndefined();
  for (const { result } of [left, right]) expect(result).toMatchObject({ created: all });
  const again = await bringUp(engine, 'it-c-left');
  expect(again).toMatchObject({ plan: left.plan, result: { unchanged: all } });
});

it('avoids a network that exists, and says which', async () => {
  const free = await choosePlan(engine, 'it-c-left');
  const squatter = await daemon.docker.createNetwork({
    Name: 'it-c-squatter',
    IPAM: { Config: [{ Subnet: free.subnets.y }] },
    Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
  });
  try {
    const said: string[] = [];
    const plan = await choosePlan(engine, 'it-c-left', { progress: (line) => said.push(line) });
    expect(plan).toMatchObject(addressPlan(plan.slot));
    expect(plan.slot).toBeGreaterThan(free.slot);
    expect(said.join()).toContain(`slot ${plan.slot}`);
    if (free.slot === 0)
      expect(said.join()).toContain(
        `${free.subnets.y} clashes with Docker network it-c-squatter (${free.subnets.y})`,
      );
  } finally {
    await squatter.remove();
  }
});

import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { limits } from '../../lab/stack/limits.ts';
import { testEscapes } from './escape.ts';

const name = 'it-escape';
testEscapes('docker', name, limits.processes);

it('has no IPv6 address of this machine on its bridges', async () => {
  const { docker } = await findDaemon();
  const networks = await docker.listNetworks();
  const own = networks.filter((network) => network.Name.startsWith(`${name}-`));
  expect(own).toHaveLength(3);
  for (const { Id, Name } of own) {
    const end = networkInterfaces()[`br-${Id.slice(0, 12)}`] ?? [];
    expect({ Name, end }).toEqual({ Name, end: [] });
  }
});

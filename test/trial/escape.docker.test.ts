/** Whoever gets the better of a host of the lab, with all that the lab's own programs may do there, gets nowhere. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { runExec } from '../../lab/engine/docker/streams.ts';
import { type Lab, startLab } from '../../lab/index.ts';
import { addressIn } from '../../lab/network/address-plan.ts';
import { firewallNames, subnetNames } from '../../lab/network/topology.ts';
import { dockerName } from '../../lab/stack/labels.ts';

const name = 'it-escape';
const servers = ['vsftpd', 'proftpd', 'pure-ftpd'];
const hosts = [...firewallNames, ...servers, 'y-server', 'y-workstation', 'x-workstation'];
/** Accepts whoever gets here. */
const listener = createServer((socket) => socket.destroy());
let lab: Lab;
let daemon: Daemon;

beforeAll(async () => {
  listener.listen(0, '0.0.0.0');
  await once(listener, 'listening');
  lab = await startLab({ name });
  daemon = await findDaemon();
});
afterAll(async () => {
  listener.close();
  await lab?.[Symbol.asyncDispose]();
});

/** Addresses at which this machine, or a cloud's metadata service, would answer. */
function addresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const ends = subnetNames.map((subnet) => addressIn(lab.plan, subnet, 254));
  return [
    ...own.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
    ...ends,
    '169.254.169.254',
  ];
}

it.each(hosts)('%s reaches neither files nor devices nor addresses of this machine', async (host) => {
  const script = readFileSync(new URL('escape.py', import.meta.url), 'utf8');
  const { port } = listener.address() as { port: number };
  const command = ['python3', '-c', script, String(port), ...addresses()];
  const { code, stdout, stderr } = await runExec(daemon, dockerName(name, host), command);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { tried, succeeded } = JSON.parse(stdout);
  expect(tried.length).toBeGreaterThan(15);
  expect(succeeded).toEqual([]);
});

it.each(servers)(
  'the daemon of %s may not configure the network, nor send packets of any kind',
  async (host) => {
    const script =
      'for s in /proc/[0-9]*/status; do grep -qE "^Name:.(vsftpd|inetd|proftpd|pure-ftpd)" $s && grep CapBnd $s; done';
    const { stdout } = await runExec(daemon, dockerName(name, host), ['sh', '-c', script]);
    const sets = stdout.trim().split('\n');
    expect(sets.length).toBeGreaterThan(0);
    const [netAdmin, netRaw, readSearch] = [1n << 12n, 1n << 13n, 1n << 2n];
    for (const line of sets)
      expect(BigInt(`0x${line.split(/\s+/)[1]}`) & (netAdmin | netRaw | readSearch)).toBe(0n);
  },
);

it('has no IPv6 address of this machine on its bridges', async () => {
  const networks = await daemon.docker.listNetworks();
  for (const { Id, Name } of networks.filter((network) => network.Name.startsWith(`${name}-`))) {
    const end = networkInterfaces()[`br-${Id.slice(0, 12)}`] ?? [];
    expect({ Name, end }).toEqual({ Name, end: [] });
  }
});

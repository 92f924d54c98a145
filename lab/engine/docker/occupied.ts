import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { labels } from '../../stack/labels.ts';
import type { Occupied } from '../engine.ts';
import type { Daemon } from './find-daemon.ts';

/**
 * IPv4 ranges that a lab must not use: all Docker networks but those of the lab `except` and, if the engine is on this machine,
 * its interfaces, its routes other than default ones, and its resolvers.
 */
export async function occupiedRanges(daemon: Daemon, except?: string): Promise<Occupied[]> {
  const [networks, machine] = await Promise.all([
    daemon.docker.listNetworks(),
    daemon.local ? machineRanges() : [],
  ]);
  const others = networks.filter(({ Labels }) => !except || Labels?.[labels.lab] !== except);
  const docker = others.flatMap((network) =>
    (network.IPAM?.Config ?? []).flatMap(({ Subnet }) =>
      Subnet === undefined || Subnet.includes(':')
        ? []
        : [{ cidr: Subnet, by: `Docker network ${network.Name}` }],
    ),
  );
  return [...docker, ...machine];
}

async function machineRanges(): Promise<Occupied[]> {
  const interfaces = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).flatMap(({ family, cidr }) =>
      family === 'IPv4' && cidr !== null ? [{ cidr, by: `this machine's interface ${name}` }] : [],
    ),
  );
  const [routes, ...resolvers] = await Promise.all([
    process.platform === 'darwin'
      ? output('netstat', ['-rn', '-f', 'inet']).then(netstatRoutes)
      : output('ip', ['-j', '-4', 'route', 'show', 'table', 'all']).then(ipRoutes),
    contents('/etc/resolv.conf').then(resolversIn),
    contents('/run/systemd/resolve/resolv.conf').then(resolversIn),
  ]);
  return [...interfaces, ...routes, ...resolvers.flat()];
}

/**
 * Routes in the output of `ip -j route` (ip-route(8)). Default routes do not count, nor do the two halves of the
 * address space that VPNs set instead of one; nor routes that lead nowhere, nor the kernel's own for its addresses.
 */
export function ipRoutes(json: string): Occupied[] {
  if (json.trim() === '') return [];
  const routes = JSON.parse(json) as { dst?: string; dev?: string; type?: string }[];
  return routes.flatMap(({ dst, dev, type }) =>
    dst === undefined || (type !== undefined && type !== 'unicast') || isDefault(dst)
      ? []
      : [{ cidr: dst, by: `a route of this machine${dev === undefined ? '' : ` through ${dev}`}` }],
  );
}

/** Routes in the output of `netstat -rn -f inet` on macOS, which leaves out a destination's trailing zeros (`10/8`). */
export function netstatRoutes(text: string): Occupied[] {
  return text.split('\n').flatMap((line) => {
    const [destination = '', , , device] = line.trim().split(/\s+/);
    const match = /^(\d+(?:\.\d+){0,3})(?:\/(\d+))?$/.exec(destination);
    if (match?.[1] === undefined) return [];
    const octets = match[1].split('.');
    const bits = match[2] ?? String(8 * octets.length);
    const cidr = `${[...octets, '0', '0', '0'].slice(0, 4).join('.')}/${bits}`;
    return isDefault(cidr)
      ? []
      : [{ cidr, by: `a route of this machine${device === undefined ? '' : ` through ${device}`}` }];
  });
}

/** IPv4 name servers in the text of a resolv.conf(5). */
export function resolversIn(text: string): Occupied[] {
  return [...text.matchAll(/^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)].flatMap(([, address]) =>
    address === undefined ? [] : [{ cidr: address, by: "this machine's resolver" }],
  );
}

function isDefault(destination: string): boolean {
  return destination === 'default' || /\/[01]$/.test(destination);
}

const run = promisify(execFile);

/** Output of a command; empty if the machine has no such command, since the other sources still tell much. */
async function output(command: string, args: string[]): Promise<string> {
  try {
    return (await run(command, args)).stdout;
  } catch {
    return '';
  }
}

async function contents(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addressOf, addressPlan } from '../../lab/network/address-plan.ts';
import { shipped } from '../../lab/network/shipped.ts';
import { allServerNames, clientNames, firewallNames, stagedServerNames } from '../../lab/network/topology.ts';
import { FtpServer } from '../../lab/stack/hosts.ts';
import type { LabStack } from '../../lab/stack/lab-stack.ts';
import { Subnet } from '../../lab/stack/subnet.ts';
import { synthesize } from '../../lab/stack/synthesize.ts';
import { synthesized } from './synthesized.ts';

/** How Terraform JSON refers to a network's name. */
const network = (id: string) => `\${docker_network.${id}.name}`;

interface Block {
  env: string[];
  sysctls?: Record<string, string>;
  networks_advanced: { name: string; ipv4_address: string }[];
  labels: { label: string; value: string }[];
  [attribute: string]: unknown;
}

function resources(...lab: Parameters<typeof synthesized>) {
  const { resource } = synthesized(...lab);
  return {
    networks: resource.docker_network as Record<string, { [attribute: string]: unknown }>,
    containers: resource.docker_container as Record<string, Block>,
  };
}

const original = resources();

describe("the original report's lab", () => {
  const { networks, containers } = original;

  it('has three bridges without masquerading and without an address of the machine', () => {
    expect(Object.keys(networks).sort()).toEqual(['external', 'x', 'y']);
    expect(networks.y).toMatchObject({
      name: 'ftplab-y',
      driver: 'bridge',
      options: {
        'com.docker.network.bridge.enable_ip_masquerade': 'false',
        'com.docker.network.bridge.inhibit_ipv4': 'true',
        'com.docker.network.bridge.gateway_mode_ipv4': 'routed',
      },
      ipam_config: [{ subnet: '192.168.20.0/24', gateway: '192.168.20.254' }],
    });
    for (const block of Object.values(networks)) expect(block).not.toHaveProperty('internal');
  });

  it('puts each host where the topology says', () => {
    const addresses = Object.fromEntries(
      Object.entries(containers).map(([id, block]) => [
        id,
        block.networks_advanced.map((end) => `${end.name} ${end.ipv4_address}`),
      ]),
    );
    expect(addresses).toEqual({
      'isa-x': [`${network('x')} 192.168.10.1`, `${network('external')} 198.51.100.2`],
      'isa-y': [`${network('y')} 192.168.20.1`, `${network('external')} 198.51.100.3`],
      'x-workstation': [`${network('x')} 192.168.10.10`],
      'y-server': [`${network('y')} 192.168.20.10`],
      'y-workstation': [`${network('y')} 192.168.20.11`],
      vsftpd: [`${network('external')} 198.51.100.21`],
      proftpd: [`${network('external')} 198.51.100.22`],
      'pure-ftpd': [`${network('external')} 198.51.100.23`],
      customer: [`${network('external')} 198.51.100.11`],
    });
  });

  it.each([
    ['x-workstation', ['LAB_ROUTES=default via 192.168.10.1;default via 2001:db8:0:1::1']],
    ['y-server', ['LAB_ROUTES=default via 192.168.20.1;default via 2001:db8:0:2::1']],
    [
      'vsftpd',
      [
        'LAB_ROUTES=192.168.10.0/24 via 198.51.100.2;2001:db8:0:1::/64 via 2001:db8:0:3::2;192.168.20.0/24 via 198.51.100.3;2001:db8:0:2::/64 via 2001:db8:0:3::3',
      ],
    ],
    [
      'isa-x',
      [
        'LAB_LEGS=inside=192.168.10.1 outside=198.51.100.2',
        'LAB_ROUTES=192.168.20.0/24 via 198.51.100.3;2001:db8:0:2::/64 via 2001:db8:0:3::3',
      ],
    ],
    [
      'isa-y',
      [
        'LAB_LEGS=inside=192.168.20.1 outside=198.51.100.3',
        'LAB_ROUTES=192.168.10.0/24 via 198.51.100.2;2001:db8:0:1::/64 via 2001:db8:0:3::2;192.168.20.40 dev inside mtu lock 1400;2001:db8:0:2::40 dev inside mtu lock 1400;192.168.20.41 dev inside mtu lock 1400;2001:db8:0:2::41 dev inside mtu lock 1400',
      ],
    ],
  ])('gives %s its routes', (host, env) => {
    expect(containers[host]?.env).toEqual(expect.arrayContaining(env));
  });

  it('lets only the firewalls forward', () => {
    for (const [id, block] of Object.entries(containers))
      expect(block.sysctls?.['net.ipv4.ip_forward']).toBe(id.startsWith('isa-') ? '1' : undefined);
  });

  it.each([
    ['isa-x', 'firewall'],
    ['x-workstation', 'routes'],
    ['y-server', 'ftp'],
    ['pure-ftpd', 'ftp'],
  ])('labels %s with lab, slot, host, readiness and the limit of processes', (host, ready) => {
    expect(containers[host]?.labels).toEqual([
      { label: 'isa-ftp-lab.lab', value: 'ftplab' },
      { label: 'isa-ftp-lab.slot', value: '0' },
      { label: 'isa-ftp-lab.host', value: host },
      { label: 'isa-ftp-lab.ready', value: ready },
      { label: 'isa-ftp-lab.processes', value: '512' },
    ]);
  });

  it('lets hosts write to memory alone, and limits that', () => {
    const folders = { '/run': 'size=16m,mode=755', '/tmp': 'size=256m,mode=1777' };
    for (const block of Object.values(containers))
      expect(block).toMatchObject({ read_only: true, memory: 1024, memory_swap: 1024, tmpfs: folders });
    expect(containers.vsftpd?.tmpfs).toHaveProperty('/srv/ftp/upload');
  });

  it('gives every host every name, and no host a resolver', () => {
    for (const block of Object.values(containers)) {
      expect(block.host).toContainEqual({ host: 'vsftpd', ip: '198.51.100.21' });
      const entries = block.host as { host: string; ip: string }[];
      const both = entries.filter(({ host }) => host === 'vsftpd.lab').map(({ ip }) => ip);
      expect(both).toEqual(['198.51.100.21', '2001:db8:0:3::21']);
      const named = new Set(entries.map(({ host }) => host));
      const hosts = firewallNames().length + new Set([...clientNames(), ...allServerNames()]).size;
      expect(named.size).toBe(2 * hosts);
      expect(block.dns).toEqual(['127.0.0.1']);
    }
  });
});

it('gives labs of different names and slots nothing in common', () => {
  const names = (lab: ReturnType<typeof resources>) =>
    [...Object.values(lab.networks), ...Object.values(lab.containers)].map((block) => block.name);
  const [first, second] = [original, resources(undefined, 'other', 7)];
  expect(names(second).every((name) => String(name).startsWith('other-'))).toBe(true);
  expect(names(first).filter((name) => names(second).includes(name))).toEqual([]);
  expect(JSON.stringify(second)).not.toMatch(/192\.168\.[12]0\.|198\.51\.100\./);
});

it('takes one more server in three lines', () => {
  const { containers } = resources((stack) => {
    new FtpServer(stack, 'iis', { subnet: stack.subnet('external'), number: 30, image: 'proftpd' });
  });
  expect(containers.iis).toMatchObject({
    name: 'ftplab-iis',
    networks_advanced: [{ name: network('external'), ipv4_address: '198.51.100.30' }],
    env: [
      'LAB_IPV6=198.51.100.30=2001:db8:0:3::30/64',
      'LAB_ROUTES=192.168.10.0/24 via 198.51.100.2;2001:db8:0:1::/64 via 2001:db8:0:3::2;192.168.20.0/24 via 198.51.100.3;2001:db8:0:2::/64 via 2001:db8:0:3::3',
    ],
  });
  expect(containers['x-workstation']?.host).toContainEqual({ host: 'iis', ip: '198.51.100.30' });
});

it('takes one more server in an existing container', () => {
  const { containers } = resources((stack) => {
    const external = stack.subnet('external');
    const staged = [{ name: 'iis-by-night', number: 31, port: 2121 }];
    new FtpServer(stack, 'iis', { subnet: external, number: 30, image: 'proftpd', staged });
  });
  expect(containers.iis?.env).toContain('LAB_STAGED=iis-by-night=198.51.100.31:2121');
  expect(containers['isa-y']?.host).toContainEqual({ host: 'iis-by-night', ip: '198.51.100.31' });
});

describe.each(stagedServerNames())('the staged server %s', (name) => {
  const { on, number, port } = shipped.staged[name as keyof typeof shipped.staged];

  it('is one of the daemons of its container, at an address of its own that every host knows', () => {
    const { containers } = original;
    const address = addressOf(addressPlan(0), name);
    expect(address.split('.').at(-1)).toBe(String(number));
    const services = containers[on]?.env.find((variable) => variable.startsWith('LAB_STAGED='));
    expect(services?.split(/[= ]/)).toContain(`${address}:${port}`);
    expect(containers['x-workstation']?.host).toContainEqual({ host: name, ip: address });
  });

  it("has a file that says how to run it, in its container's image", () => {
    const file = new URL(
      `../../lab/engine/images/${shipped.hosts[on].image}/root/opt/ftplab/staged/${name}`,
      import.meta.url,
    );
    expect(readFileSync(file, 'utf8')).toMatch(/^exec /m);
  });
});

describe('rejects impossible labs and names the values', () => {
  const server =
    (number: number, name = 'iis') =>
    (stack: LabStack) =>
      new FtpServer(stack, name, { subnet: stack.subnet('external'), number, image: 'vsftpd' });
  it.each<[string, (stack: LabStack) => void, string, RegExp]>([
    [
      'a host outside its subnet',
      server(300),
      'host-outside-subnet',
      /iis .*external.*300.*198\.51\.100\.0\/24/,
    ],
    [
      'a staged server at an address that is taken',
      (stack) => {
        const staged = [{ name: 'iis-by-night', number: 21, port: 21 }];
        new FtpServer(stack, 'iis', {
          subnet: stack.subnet('external'),
          number: 30,
          image: 'proftpd',
          staged,
        });
      },
      'address-taken',
      /iis-by-night cannot have 198\.51\.100\.21: vsftpd has it/,
    ],
    ['an address twice', server(22), 'address-taken', /iis cannot have 198\.51\.100\.22: proftpd has it/],
    ['the address that Docker keeps', server(254), 'address-taken', /iis .*198\.51\.100\.254.*Docker/],
    [
      'an overlapping subnet',
      (stack) => new Subnet(stack, 'dmz', { book: stack.subnet('x').book, cidr: '192.168.0.0/16' }),
      'subnets-overlap',
      /dmz \(192\.168\.0\.0\/16\) overlaps subnet x \(192\.168\.10\.0\/24\)/,
    ],
    [
      'no subnet at all',
      (stack) => new Subnet(stack, 'dmz', { book: stack.subnet('x').book, cidr: '10.1.2.0' }),
      'bad-subnet',
      /dmz.*"10\.1\.2\.0"/,
    ],
    [
      'a subnet with host bits',
      (stack) => new Subnet(stack, 'dmz', { book: stack.subnet('x').book, cidr: '10.1.2.3/24' }),
      'bad-subnet',
      /dmz.*"10\.1\.2\.3\/24"/,
    ],
  ])('%s', (_what, build, code, message) => {
    expect(() => resources(build)).toThrowError(
      expect.objectContaining({ kind: 'usage', code, message: expect.stringMatching(message) }),
    );
  });

  it.each(['', 'all', 'Lab', '../lab', '-x', 'a'.repeat(31), 'a b'])('the lab name "%s"', (name) => {
    expect(() => resources(undefined, name)).toThrowError(
      expect.objectContaining({ kind: 'usage', code: 'bad-lab-name' }),
    );
  });
});

describe('synthesize', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isa-ftp-lab-synth-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes the file that it names, with the same content each time', () => {
    const file = synthesize('ftplab', addressPlan(0), folder);
    const text = readFileSync(file, 'utf8');
    expect(JSON.parse(text).resource.docker_container['isa-y'].name).toBe('ftplab-isa-y');
    expect(readFileSync(synthesize('ftplab', addressPlan(0), folder), 'utf8')).toBe(text);
  });
});

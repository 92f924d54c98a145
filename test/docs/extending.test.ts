/** The page on extending the lab shows the examples' own code, and the examples synthesize to what the page says. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AnotherServer } from '../../examples/another-server.ts';
import { ThirdSubnet } from '../../examples/third-subnet.ts';
import { type DesiredLab, readStack } from '../../lab/engine/stack-file.ts';
import { stackPath } from '../../lab/stack/stack-path.ts';

const examples = { 'third-subnet': ThirdSubnet, 'another-server': AnotherServer };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-extending-'));
});
afterAll(() => rm(folder, { recursive: true }));

function synthesized(name: keyof typeof examples): Promise<DesiredLab> {
  const app = new App({ outdir: folder, stackTraces: false });
  new examples[name](app, name, 50);
  app.synth();
  return readStack(stackPath(folder, name));
}

const routesOf = ({ containers, name }: DesiredLab, host: string) =>
  containers
    .find((container) => container.name === `${name}-${host}`)
    ?.env.find((entry) => entry.startsWith('LAB_ROUTES='))
    ?.slice('LAB_ROUTES='.length)
    .split(';');

it.each(['third-subnet', 'another-server', 'main'])(
  'docs/extending.md shows examples/%s.ts as it is',
  (name) => {
    const code = readFileSync(`examples/${name}.ts`, 'utf8');
    expect(readFileSync('docs/extending.md', 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
  },
);

it('docs/networks.md shows examples/networks/dmz.network.ts as it is', () => {
  const code = readFileSync('examples/networks/dmz.network.ts', 'utf8');
  expect(readFileSync('docs/networks.md', 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
});

it('adds a third subnet that everybody has a route to', async () => {
  const lab = await synthesized('third-subnet');
  expect(lab.networks.map(({ name }) => name)).toContain('third-subnet-z');
  expect(routesOf(lab, 'z-workstation')).toEqual([
    'default via 192.168.240.1',
    'default via 2001:db8:0:4::1',
  ]);
  for (const host of ['isa-x', 'isa-y', 'vsftpd'])
    expect(routesOf(lab, host)).toContainEqual(expect.stringMatching(/^192\.168\.240\.0\/24 via [\d.]+\.4$/));
});

it('adds servers that wait until they greet, with a name that every host knows', async () => {
  const lab = await synthesized('another-server');
  const added = lab.containers.filter(({ name }) => /-(partner|x-server)$/.test(name));
  expect(added.map(({ ready }) => ready)).toEqual(['ftp', 'ftp']);
  for (const { hosts } of lab.containers)
    expect(hosts.map(({ host }) => host)).toEqual(expect.arrayContaining(['partner', 'x-server']));
});

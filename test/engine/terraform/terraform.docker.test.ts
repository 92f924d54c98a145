import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { stateFile } from '../../../lab/engine/terraform/state.ts';
import { firewallNames, machineNames, subnetNames } from '../../../lab/network/topology.ts';
import { leftBehind } from '../../cli/left-behind.ts';
import { ftplab } from '../../cli/run-ftplab.ts';
import { factsOf } from './facts.ts';
import { terraformOrReason } from './terraform-or-reason.ts';

const name = 'it-tf';
/** How many containers a lab has, and networks. */
const containers = machineNames().length + firewallNames().length;
const networks = subnetNames().length;
const all = containers + networks;
const own = ['--name', name];
const byTerraform = ['--engine', 'terraform', ...own];

const terraform = await terraformOrReason();
const because = typeof terraform === 'string' ? ` (skipped: ${terraform})` : '';

let daemon: Daemon;
beforeAll(async () => {
  daemon = await findDaemon();
});

/** One lab per engine, used in the order in which a person would. */
describe.skipIf(because !== '')(`the Terraform engine${because}`, () => {
  afterAll(async () => {
    await ftplab(['down', ...own]);
    expect(await leftBehind(name)).toEqual([]);
  });

  const plan = async (kind: 'docker' | 'terraform') => {
    const { status, stdout } = await ftplab(['up', '--dry-run', '--engine', kind, ...own]);
    return { status, lines: stdout.trimEnd().split('\n') };
  };
  const nothing = { status: 0, lines: [`${name} is up to date: nothing to do.`] };

  it('creates the same lab as the Docker engine', async () => {
    await ftplab(['up', ...own]);
    const byDocker = await factsOf(daemon, name);
    await ftplab(['down', ...own]);
    expect(Object.keys(byDocker)).toHaveLength(all);

    const { lines } = await plan('terraform');
    expect(lines).toContain(`+ host     ${name}-isa-y`);
    expect(lines.at(-1)).toBe(`${name}: ${all} to create, 0 to replace, 0 to remove.`);
    const up = await ftplab(['up', ...byTerraform]);
    expect(up.stderr).toMatch(/docker_network\.external: Creation complete/);
    expect(up.status).toBe(0);
    expect(existsSync(stateFile(name))).toBe(true);
    expect(await factsOf(daemon, name)).toEqual(byDocker);
  });

  it('changes nothing that is up to date, and neither does the Docker engine', async () => {
    const before = await leftBehind(name);
    expect(await plan('terraform')).toEqual(nothing);
    expect(await plan('docker')).toEqual(nothing);
    for (const kind of ['terraform', 'docker'])
      expect((await ftplab(['up', '--engine', kind, ...own])).status).toBe(0);
    expect(await leftBehind(name)).toEqual(before);
  });

  it('creates a lab whose scenarios give the expected results, and which run leaves up', async () => {
    const cells = [
      'as-reported/y-server/vsftpd',
      'ftp-filter/x-workstation',
      'nat-ftp-filter/y-server/pure-ftpd',
    ];
    const { status, stdout } = await ftplab(['run', ...cells, ...own]);
    expect(stdout).toMatch(/^\d+ cells, all as expected\.$/m);
    expect(status).toBe(0);
    expect(await leftBehind(name)).toHaveLength(all);
  });

  it('reports drift as the Docker engine does, and repairs it', async () => {
    const network = daemon.docker.getNetwork(`${name}-y`);
    const { IPAM, Labels, Options } = await network.inspect();
    for (const host of ['isa-y', 'y-server', 'y-workstation'])
      await network.disconnect({ Container: `${name}-${host}`, Force: true });
    await network.remove();
    await daemon.docker.createNetwork({
      Name: `${name}-y`,
      ...{ IPAM, Labels },
      Options: { ...Options, 'com.docker.network.bridge.enable_ip_masquerade': 'true' },
    });
    await daemon.docker.getContainer(`${name}-proftpd`).remove({ force: true });
    const drift = {
      status: 1,
      lines: [
        `~ network  ${name}-y  (options)`,
        ...['isa-y', 'y-server', 'y-workstation'].map(
          (host) => `~ host     ${name}-${host}  (its network is replaced)`,
        ),
        `+ host     ${name}-proftpd`,
        '',
        `${name}: 1 to create, 4 to replace, 0 to remove.`,
      ].sort(),
    };
    const sorted = ({ status, lines }: Awaited<ReturnType<typeof plan>>) => ({ status, lines: lines.sort() });
    expect(sorted(await plan('terraform'))).toEqual(drift);
    expect(sorted(await plan('docker'))).toEqual(drift);
    expect((await ftplab(['up', ...byTerraform])).status).toBe(0);
    expect((await daemon.docker.getNetwork(`${name}-y`).inspect()).Options).toEqual(Options);
    expect(await plan('terraform')).toEqual(nothing);
    expect(await plan('docker')).toEqual(nothing);
  });

  it('takes it down and leaves nothing', async () => {
    const { status, stdout, stderr } = await ftplab(['down', ...byTerraform]);
    expect(stderr).toMatch(new RegExp(`Destroy complete! Resources: ${all} destroyed\\.`));
    expect(stdout).toBe(`${name}: removed ${containers} hosts and ${networks} networks\n`);
    expect(status).toBe(0);
    expect(await leftBehind(name)).toEqual([]);
    expect(existsSync(stateFile(name))).toBe(false);
    expect((await ftplab(['down', ...byTerraform])).stdout).toBe(`${name}: nothing to remove\n`);
  });
});

describe('without Terraform', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ftplab-no-terraform-'));
    await writeFile(
      join(folder, 'terraform.rc'),
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(folder)}\n  }\n}\n`,
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['up', 'down', 'up --dry-run'])(
    '%s says what is missing, and that the Docker engine needs no Terraform',
    async (command) => {
      const env = { TERRAFORM_BINARY_NAME: join(folder, 'terraform') };
      const { status, stderr } = await ftplab([...command.split(' '), ...byTerraform], { env });
      expect(stderr).toMatch(/terraform does not run\n.*Install Terraform 1\.5 or later, or OpenTofu/);
      expect(status).toBe(3);
    },
  );

  it.skipIf(because !== '')('names both ways to get the provider', async () => {
    const env = { TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'), XDG_CACHE_HOME: folder };
    const { status, stderr } = await ftplab(['up', '--dry-run', ...byTerraform], { env });
    expect(stderr).toMatch(
      /provider kreuzwerker\/docker \d\S+ cannot be obtained:\n {2}registry: .+\n {2}mirror in .+: there is none\n/,
    );
    expect(stderr).toMatch(
      /let Terraform reach its registry, or build a mirror with Go: cd .+ && npm run terraform-mirror/,
    );
    expect(status).toBe(3);
  });
});

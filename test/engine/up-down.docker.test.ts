import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { down } from '../../lab/engine/docker/down.ts';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { status } from '../../lab/engine/docker/status.ts';
import { runExec } from '../../lab/engine/docker/streams.ts';
import { up } from '../../lab/engine/docker/up.ts';
import { SmallLab } from './small-lab.ts';

let daemon: Daemon;
beforeAll(async () => {
  daemon = await findDaemon();
});

describe('a lab that is up', () => {
  let lab: SmallLab;
  beforeAll(async () => {
    lab = await SmallLab.create(daemon, 'it-c-up', 42);
    expect(await up(daemon, lab.stackFile)).toEqual({
      ...{ name: 'it-c-up', created: 5, changed: 0, removed: 0, unchanged: 0 },
    });
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it('is left alone by a second up', async () => {
    const before = await lab.ids();
    expect(await up(daemon, lab.stackFile)).toMatchObject({
      created: 0,
      changed: 0,
      removed: 0,
      unchanged: 5,
    });
    expect(await lab.ids()).toEqual(before);
  });

  it('gives its hosts the routes of the lab, and no resolver and no way out', async () => {
    const shell = (host: string, script: string) =>
      runExec(daemon, `it-c-up-${host}`, ['bash', '-c', script]);
    const client = await shell('y-workstation', 'ip -4 route show default');
    expect(client.stdout).toMatch(/^default via 192\.168\.113\.1 dev \S+ rto_min lock 50ms *\n$/);
    const server = await shell('vsftpd', 'ip -4 route; getent hosts vsftpd; getent hosts example.org');
    expect(server.stdout).toMatch(/^192\.168\.113\.0\/24 via 198\.18\.42\.3 /m);
    expect(server.stdout).not.toMatch(/default/);
    expect(server.stdout).toMatch(/^198\.18\.42\.21 .*vsftpd/m);
    expect(server.code).toBe(2); // getent(1): a name was not found
  });

  it('shows in status by its labels', async () => {
    expect((await status(daemon)).find(({ name }) => name === 'it-c-up')).toMatchObject({
      slot: 42,
      hosts: [
        { host: 'isa-y', engineName: 'it-c-up-isa-y', state: 'running' },
        { host: 'vsftpd', addresses: ['198.18.42.21'] },
        { host: 'y-workstation', addresses: ['192.168.113.11'] },
      ],
    });
  });

  it('gets back a container that was removed by hand, and one that was stopped', async () => {
    const before = await lab.ids();
    await daemon.docker.getContainer('it-c-up-vsftpd').remove({ force: true });
    await daemon.docker.getContainer('it-c-up-y-workstation').kill();
    expect(await up(daemon, lab.stackFile)).toMatchObject({ created: 1, changed: 1, unchanged: 3 });
    const { 'it-c-up-vsftpd': server, 'it-c-up-y-workstation': client, ...rest } = await lab.ids();
    expect(server).not.toBe(before['it-c-up-vsftpd']);
    expect(client).not.toBe(before['it-c-up-y-workstation']);
    expect(before).toMatchObject(rest);
  });

  it('gets a container back that lost its network', async () => {
    await daemon.docker
      .getNetwork('it-c-up-external')
      .disconnect({ Container: 'it-c-up-isa-y', Force: true });
    expect(await up(daemon, lab.stackFile)).toMatchObject({ changed: 1, unchanged: 4 });
  });

  it('changes only what an edited stack changes', async () => {
    const before = await lab.ids();
    await lab.edit(({ docker_container: { vsftpd, 'y-workstation': client } }) => {
      vsftpd.networks_advanced[0].ipv4_address = '198.18.42.77';
      client.hostname = 'desk';
    });
    await lab.edit(({ docker_container }) => {
      const { 'y-workstation': client } = docker_container;
      docker_container.second = {
        ...structuredClone(client),
        name: 'it-c-up-second',
        networks_advanced: [{ ...client.networks_advanced[0], ipv4_address: '192.168.113.12' }],
      };
    });
    expect(await up(daemon, lab.stackFile)).toMatchObject({
      created: 1,
      changed: 2,
      removed: 0,
      unchanged: 3,
    });
    await lab.edit(({ docker_container }) => {
      delete docker_container.second;
    });
    expect(await up(daemon, lab.stackFile)).toMatchObject({
      created: 0,
      changed: 0,
      removed: 1,
      unchanged: 5,
    });
    const after = await lab.ids();
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    for (const name of ['it-c-up-y', 'it-c-up-external', 'it-c-up-isa-y'])
      expect(after[name]).toBe(before[name]);
    const { stdout } = await runExec(daemon, 'it-c-up-vsftpd', ['hostname', '-I']);
    expect(stdout.trim()).toBe('198.18.42.77');
  });

  it('runs beside another lab, and down removes only the named one', async () => {
    await using other = await SmallLab.create(daemon, 'it-c-beside', 43);
    const before = await lab.ids();
    await up(daemon, other.stackFile);
    expect(await down(daemon, 'it-c-beside')).toEqual({ hosts: 3, networks: 2 });
    expect(await other.ids()).toEqual({});
    expect(await lab.ids()).toEqual(before);
  });

  it('is left as it was by an up that finds an image missing', async () => {
    const before = await lab.ids();
    await lab.edit(({ docker_container: { vsftpd } }) => {
      vsftpd.image = 'isa-ftp-lab/no-such-image:1';
    });
    await expect(up(daemon, lab.stackFile)).rejects.toMatchObject({ code: 'image-missing' });
    expect(await lab.ids()).toEqual(before);
  });
});

describe('down', () => {
  it('removes a half-broken lab that was built from another source, and accepts that there is nothing to remove', async () => {
    await using lab = await SmallLab.create(daemon, 'it-c-down', 44);
    await up(daemon, lab.stackFile);
    await daemon.docker.getContainer('it-c-down-isa-y').pause();
    await daemon.docker.getContainer('it-c-down-y-workstation').remove({ force: true });
    await daemon.docker.createContainer({
      name: 'it-c-down-half',
      Image: (await daemon.docker.getContainer('it-c-down-vsftpd').inspect()).Image,
      Labels: { 'isa-ftp-lab.lab': 'it-c-down' },
      HostConfig: { NetworkMode: 'it-c-down-y' },
    });
    await lab.edit((resource) => {
      resource.docker_container = {};
      resource.docker_network = {};
    });
    expect(await down(daemon, 'it-c-down')).toEqual({ hosts: 3, networks: 2 });
    expect(await lab.ids()).toEqual({});
    expect(await down(daemon, 'it-c-down')).toEqual({ hosts: 0, networks: 0 });
  });
});

describe('an up that fails', () => {
  let lab: SmallLab;
  beforeEach(async () => {
    lab = await SmallLab.create(daemon, 'it-c-fail', 45);
  });
  afterEach(() => lab[Symbol.asyncDispose]());

  const failure = async (options: Parameters<typeof up>[2] = {}) => {
    const error = await up(daemon, lab.stackFile, options).then(
      () => undefined,
      (reason) => reason,
    );
    expect(await lab.ids()).toEqual({});
    return error;
  };

  it('says that nothing listens, and leaves nothing', async () => {
    await lab.edit(({ docker_container: { 'y-workstation': client } }) => {
      client.labels.find(({ label }: { label: string }) => label === 'isa-ftp-lab.ready').value = 'ftp';
    });
    expect(await failure({ readyWithin: 5 })).toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(
        /^it-c-fail-y-workstation is not ready: within 5 s, .*Connection refused/,
      ),
    });
  });

  it('says that a container exited, with its status', async () => {
    await lab.edit(({ docker_container: { vsftpd } }) => {
      vsftpd.env = ['LAB_ROUTES=default via nowhere'];
    });
    expect(await failure()).toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(
        /^it-c-fail-vsftpd is not ready: it exited with status [1-9]\d*; .*nowhere/,
      ),
    });
  });

  it('says what Docker said', async () => {
    await lab.edit(({ docker_container: { vsftpd } }) => {
      vsftpd.sysctls = { 'kernel.pid_max': '1000' };
    });
    expect(await failure()).toMatchObject({
      code: 'docker-refused',
      message: expect.stringMatching(/start container it-c-fail-vsftpd: .*kernel\.pid_max/),
    });
  });

  it('names the range that another network has', async () => {
    const squatter = await daemon.docker.createNetwork({
      Name: 'it-c-squatter',
      IPAM: { Config: [{ Subnet: '198.18.45.0/25' }] },
      Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
    });
    try {
      expect(await failure()).toMatchObject({
        code: 'address-clash',
        message: expect.stringContaining('it-c-fail-external cannot have 198.18.45.0/24'),
      });
    } finally {
      await squatter.remove();
    }
  });

  it.each([0, 30, 150, 400])('leaves nothing when it is aborted after %i ms', async (ms) => {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(new Error('enough')), ms);
    expect(await failure({ signal: aborter.signal })).toMatchObject({ message: 'enough' });
    clearTimeout(timer);
  });

  it('leaves nothing when it is aborted while it waits for a host', async () => {
    await lab.edit(({ docker_container: { 'y-workstation': client } }) => {
      client.labels.find(({ label }: { label: string }) => label === 'isa-ftp-lab.ready').value = 'ftp';
    });
    const signal = AbortSignal.timeout(2500);
    expect(await failure({ signal })).toMatchObject({ name: 'TimeoutError' });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttemptOrder } from '../../../lab/agent/protocol.ts';
import { AgentConnection } from '../../../lab/attempt/agent-connection.ts';
import { type Daemon, findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { openExec, runExec } from '../../../lab/engine/docker/streams.ts';
import { type FailureKind, type StepName, stepNames, transferModes } from '../../../lab/model/attempt.ts';
import { addressIn, addressPlan } from '../../../lab/network/address-plan.ts';
import { shipped } from '../../../lab/network/shipped.ts';
import { ftpAccount, type ImageName, type PortRange, passiveRanges } from '../../../lab/network/topology.ts';
import { capabilitiesOf, imageTag } from '../../../lab/stack/images.ts';
import { writableEverywhere, writableOnServers } from '../../../lab/stack/limits.ts';

const { staged } = shipped;
type StagedServerName = keyof typeof staged;

/** What a server is like: the first step that fails in a transfer mode, and how; `null` where all of them succeed. */
type Like = readonly [step: StepName, failure: FailureKind] | null;

const likes: Partial<Record<StagedServerName, Readonly<Record<'pasv' | 'port', Like>>>> = {
  'vsftpd-login-denied': { pasv: ['login', 'login-denied'], port: ['login', 'login-denied'] },
  'vsftpd-write-off': { pasv: ['store-small', 'command-refused'], port: ['store-small', 'command-refused'] },
  'vsftpd-locked-folder': {
    pasv: ['store-small', 'command-refused'],
    port: ['store-small', 'command-refused'],
  },
  'vsftpd-port-2121': { pasv: null, port: null },
  'vsftpd-any-source-port': { pasv: null, port: null },
  'vsftpd-private-pasv': { pasv: ['list', 'address-refused-by-client'], port: null },
  'vsftpd-foreign-pasv': { pasv: ['list', 'address-refused-by-client'], port: null },
  'vsftpd-only-21-forwarded': { pasv: ['list', 'data-refused'], port: null },
  'pure-ftpd-quota': { pasv: ['store-large', 'command-refused'], port: ['store-large', 'command-refused'] },
};

const servers = ['vsftpd', 'proftpd', 'pure-ftpd'] as const;
const numbers: Record<(typeof servers)[number] | 'client', number> = {
  client: 10,
  vsftpd: 21,
  proftpd: 22,
  'pure-ftpd': 23,
};
const plan = addressPlan(31);
const label = { 'isa-ftp-lab-test': 'daemons' };

let daemon: Daemon;
let agent: AgentConnection;
const started = new Map<ImageName, string>();

async function start(image: keyof typeof numbers): Promise<void> {
  const container = await daemon.docker.createContainer({
    Image: imageTag(image),
    Env: stagedEnv(image),
    Labels: label,
    HostConfig: {
      Init: true,
      CapAdd: [...capabilitiesOf[image].add],
      CapDrop: [...capabilitiesOf[image].drop],
      SecurityOpt: ['no-new-privileges:true'],
      ReadonlyRootfs: true,
      Tmpfs: { ...writableEverywhere, ...(image === 'client' ? {} : writableOnServers) },
      NetworkMode: 'it-images-daemons',
      // vsftpd-foreign-pasv announces its address.
      ExtraHosts: [`proftpd:${addressIn(plan, 'external', numbers.proftpd)}`],
    },
    NetworkingConfig: {
      EndpointsConfig: {
        'it-images-daemons': {
          IPAMConfig: { IPv4Address: addressIn(plan, 'external', numbers[image]) },
        },
      },
    },
  });
  started.set(image, container.id);
  await container.start();
}

function stagedEnv(image: keyof typeof numbers): string[] {
  const own = Object.entries(staged).filter(([, { on }]) => on === (image as string));
  const servers = own.map(
    ([name, { number, port }]) => `${name}=${addressIn(plan, 'external', number)}:${port}`,
  );
  return [`LAB_STAGED=${servers.join(' ')}`];
}

function idOf(image: ImageName): string {
  return started.get(image) ?? '';
}

beforeAll(async () => {
  daemon = await findDaemon();
  await removeAll();
  await daemon.docker.createNetwork({
    Name: 'it-images-daemons',
    Labels: label,
    IPAM: { Config: [{ Subnet: plan.subnets.external, Gateway: addressIn(plan, 'external', 254) }] },
    Options: {
      'com.docker.network.bridge.enable_ip_masquerade': 'false',
      'com.docker.network.bridge.inhibit_ipv4': 'true',
    },
  });
  await Promise.all((['client', ...servers] as const).map(start));
  agent = await AgentConnection.open('client', async ({ onLine, onClosed }) => {
    const stream = await openExec(daemon, idOf('client'), ['node', '/opt/ftplab/agent.cjs'], onLine);
    void stream.closed.then(({ code }) => onClosed(`status ${code}: ${stream.stderr()}`));
    return stream;
  });
});

afterAll(async () => {
  agent?.close();
  await removeAll();
});

async function removeAll(): Promise<void> {
  const filters = { label: ['isa-ftp-lab-test=daemons'] };
  for (const { Id } of await daemon.docker.listContainers({ all: true, filters }))
    await daemon.docker.getContainer(Id).remove({ force: true });
  for (const { Id } of await daemon.docker.listNetworks({ filters }))
    await daemon.docker.getNetwork(Id).remove();
}

let attempts = 0;

function order(
  server: (typeof servers)[number] | StagedServerName,
  mode: AttemptOrder['mode'],
): AttemptOrder {
  const { number, port } = isStaged(server) ? staged[server] : { number: numbers[server], port: 21 };
  return {
    id: `daemons${++attempts}`,
    driver: 'basic-ftp',
    tls: false,
    host: addressIn(plan, 'external', number),
    port,
    user: ftpAccount.user,
    password: ftpAccount.password,
    mode,
    smallBytes: 1024,
    largeBytes: 1024 * 1024,
    retrieveFile: ftpAccount.retrieveFile,
    retrieveBytes: ftpAccount.retrieveBytes,
    patienceMs: 5000,
  };
}

function isStaged(server: string): server is StagedServerName {
  return server in staged;
}

const attempt = (server: (typeof servers)[number] | StagedServerName, mode: AttemptOrder['mode']) =>
  agent.attempt(order(server, mode), () => {});

describe.each(servers)('%s', (server) => {
  test('greets', async () => {
    const greeting = `for i in $(seq 100); do exec 3<>/dev/tcp/${addressIn(plan, 'external', numbers[server])}/21 && break; sleep 0.1; done; head -1 <&3`;
    const { stdout } = await runExec(daemon, idOf('client'), ['bash', '-c', greeting]);
    expect(stdout).toMatch(/^220[ -]/);
  });

  test.each(transferModes)('accepts uploads over %s', async (mode) => {
    const { steps } = await attempt(server, mode);
    expect(steps.map(({ name, outcome, reply }) => [name, outcome, outcome === 'ok' ? '' : reply])).toEqual(
      stepNames.map((name) => [name, 'ok', '']),
    );
  });

  test.each(['pasv', 'epsv'] as const)('draws %s ports from its range', async (mode) => {
    const [first, last]: PortRange = passiveRanges[server];
    const { steps } = await attempt(server, mode);
    const ports = steps
      .filter(({ connection }) => connection?.purpose === 'data')
      .map(({ connection }) => Number(connection?.destination.split(':').at(-1)));
    expect(ports).toHaveLength(4);
    expect(ports.filter((port) => port < first || port > last)).toEqual([]);
  });

  test('serves sessions one after another and four at once without a pause', async () => {
    const start = performance.now();
    for (let session = 0; session < 8; session++) await attempt(server, 'pasv');
    await Promise.all([1, 2, 3, 4].map(() => attempt(server, 'epsv')));
    const each = (performance.now() - start) / 12;
    console.log(`${server}: ${each.toFixed(0)} ms a session`);
    // ProFTPD on its own paused for 200 to 400 ms.
    expect(each).toBeLessThan(200);
  });

  test('asks no resolver and has no way out of its network', async () => {
    // What TCP waits for an acknowledgement is no way out.
    const look = "grep ^hosts: /etc/nsswitch.conf; ip route | sed 's/ *rto_min.*//'";
    const { stdout } = await runExec(daemon, idOf(server), ['sh', '-c', look]);
    expect(stdout).toBe(
      `hosts: files\n${plan.subnets.external} dev eth0 proto kernel scope link src ${addressIn(plan, 'external', numbers[server])}\n`,
    );
  });
});

describe.each(Object.entries(likes))('%s', (name, like) => {
  test.each(['pasv', 'port'] as const)('in %s does what it is there for', async (mode) => {
    const { steps } = await attempt(name as StagedServerName, mode);
    const failed = steps.find(({ outcome }) => outcome === 'failed');
    expect(failed ? [failed.name, failed.failure] : null).toEqual(like[mode]);
  });
});

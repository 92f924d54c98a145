import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createRawServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasShape } from '../../../lab/engine/docker/answer-shapes.ts';
import type { DaemonPlace } from '../../../lab/engine/docker/daemon-places.ts';
import { findDaemon, firstAnswering } from '../../../lab/engine/docker/find-daemon.ts';
import { LabError } from '../../../lab/errors.ts';

let folder: string;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-engine-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

function place(name: string): DaemonPlace {
  const path = join(folder, name);
  return { name: path, address: { via: 'unix', path } };
}

async function listening(server: Server, at: { path: string } | { port: number; host: string }) {
  server.listen(at);
  await once(server, 'listening');
  servers.push(server);
  return server;
}

/** An engine that says of itself what `answer` is. */
async function engineAt(name: string, answer: unknown): Promise<DaemonPlace> {
  const found = place(name);
  const reply: RequestListener = (request, response) =>
    request.url === '/version' ? response.end(JSON.stringify(answer)) : response.writeHead(404).end();
  await listening(createServer(reply), { path: found.name });
  return found;
}

const docker = { Version: '20.10.24', ApiVersion: '1.41', Components: [{ Name: 'Engine' }] };
const podman = { Version: '4.3.1', ApiVersion: '1.41', Components: [{ Name: 'Podman Engine' }] };

test('takes the first place that answers', async () => {
  const places = [
    place('absent.sock'),
    await engineAt('d.sock', docker),
    await engineAt('second.sock', docker),
  ];
  const { docker: _client, ...daemon } = await firstAnswering(places, false);
  expect(daemon).toEqual({
    socket: join(folder, 'd.sock'),
    environment: expect.objectContaining({ DOCKER_HOST: `unix://${join(folder, 'd.sock')}` }),
    local: true,
    version: '20.10.24',
    apiVersion: '1.41',
  });
});

test('passes over Podman, and says so if it was chosen', async () => {
  const places = [await engineAt('podman.sock', podman), await engineAt('docker.sock', docker)];
  expect((await firstAnswering(places, false)).version).toBe('20.10.24');
  const error = await firstAnswering(places.slice(0, 1), true).catch((e) => e);
  expect(error).toMatchObject({ kind: 'environment', code: 'docker-host-unreachable' });
  expect(error.message).toContain(
    'podman.sock: Podman 4.3.1 answers; the lab runs on Docker engines, and without one',
  );
  expect(error.hint).toContain('--engine namespaces');
});

test('skips a socket that nobody listens on, and one that is not an engine', async () => {
  const dead = createRawServer();
  await listening(dead, { path: join(folder, 'alive.sock') });
  await writeFile(join(folder, 'file.sock'), '');
  const stranger = await engineAt('stranger.sock', { hello: 'world' });
  const error = await firstAnswering([place('file.sock'), stranger, place('none.sock')], false).catch(
    (e) => e,
  );
  expect(error).toMatchObject({ kind: 'environment', code: 'no-engine' });
  expect(error.message.split('\n').slice(1)).toEqual([
    `  ${folder}/file.sock: nobody listens (a leftover socket)`,
    `  ${folder}/stranger.sock: what answers is not a Docker engine`,
    `  ${folder}/none.sock: is not there`,
  ]);
});

test('does not wait for an engine that hangs, but goes on to the next', { timeout: 15_000 }, async () => {
  await listening(createRawServer(), { path: join(folder, 'hung.sock') });
  const hung = place('hung.sock');
  const soon = { local: 500, remote: 500 };
  const [error, daemon] = await Promise.all([
    firstAnswering([hung], false, soon).catch((e) => e),
    firstAnswering([hung, await engineAt('docker.sock', docker)], false, soon),
  ]);
  expect(error.message).toContain('hung.sock: does not answer in time');
  expect(daemon.socket).toBe(join(folder, 'docker.sock'));
});

test('distinguishes a lack of permission from a lack of an engine', async () => {
  const found = await engineAt('docker.sock', docker);
  await chmod(folder, 0o700);
  await chmod(found.name, 0o000);
  const error = await asNobody(() => firstAnswering([found], false).catch((e) => e));
  expect(error).toMatchObject({
    code: 'engine-not-permitted',
    message: expect.stringContaining(found.name),
    hint: expect.stringContaining('usermod -aG docker'),
  });
});

/** Root may use every socket, so it acts as user nobody meanwhile. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('uses DOCKER_HOST over TCP', async () => {
  const server = await listening(
    createServer((_request, response) => response.end(JSON.stringify(docker))),
    {
      port: 0,
      host: '127.0.0.1',
    },
  );
  const { port } = server.address() as { port: number };
  const daemon = await findDaemon({ DOCKER_HOST: `tcp://127.0.0.1:${port}` });
  expect(daemon).toMatchObject({ socket: `DOCKER_HOST=tcp://127.0.0.1:${port}`, local: false });
});

test('does not skip a DOCKER_HOST that does not answer', async () => {
  await engineAt('docker.sock', docker);
  const error = await findDaemon({
    DOCKER_HOST: `unix://${folder}/absent.sock`,
    XDG_RUNTIME_DIR: folder,
  }).catch((e) => e);
  expect(error).toMatchObject({
    code: 'docker-host-unreachable',
    hint: expect.stringContaining('DOCKER_HOST'),
  });
  expect(error.message).toContain(`${folder}/absent.sock: is not there`);
});

test.each<[what: string, answer: string | Buffer, why: RegExp]>([
  ['an answer that is no JSON', '<html>no</html>', /does not speak the Docker Engine API/],
  ['an answer of another shape', '["a"]', /does not speak the Docker Engine API/],
  ['nothing', '', /does not speak the Docker Engine API/],
  ['an object without what it has to say', '{"a":1}', /not a Docker engine/],
])('refuses what answers %s', async (_what, answer, why) => {
  const found = place('odd.sock');
  await listening(
    createServer((_request, response) => response.end(answer)),
    { path: found.name },
  );
  await expect(firstAnswering([found], false)).rejects.toThrow(why);
});

test.each([
  ['that it never ends', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['of nothing but headers', 'HTTP/1.1 200 OK\r\nX-A: '],
  ['in no HTTP', ''],
])('refuses an answer %s, and holds no more of it than it must', async (_what, head) => {
  const found = place('endless.sock');
  const server = createRawServer((socket) => {
    socket.on('error', () => undefined);
    const more = () => {
      if (!socket.destroyed) socket.write(Buffer.alloc(1_000_000, 'x'), () => setImmediate(more));
    };
    socket.write(head, more);
  });
  await listening(server, { path: found.name });
  const before = process.memoryUsage().rss;
  await expect(firstAnswering([found], false)).rejects.toThrow(LabError);
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
});

test('refuses nonsense that comes later', async () => {
  const found = place('later.sock');
  const reply: RequestListener = (request, response) =>
    response.end(request.url === '/version' ? JSON.stringify(docker) : '{"no":"list"}');
  await listening(createServer(reply), { path: found.name });
  const daemon = await firstAnswering([found], false);
  await expect(daemon.docker.listNetworks()).rejects.toThrow(/does not speak/);
  await expect(daemon.docker.listContainers({ all: true })).rejects.toThrow(/does not speak/);
});

test('refuses whatever answers have in place of what is read of them', async () => {
  const answers: Record<string, object> = {
    '/networks': [
      {
        Id: 'n',
        Name: 'x',
        Driver: 'bridge',
        Options: {},
        Labels: {},
        IPAM: { Config: [{ Subnet: '10.0.0.0/8' }] },
      },
    ],
    '/containers/json': [
      {
        ...{ Id: 'c', Names: ['/c'], ImageID: 'i', State: 'running', Labels: {} },
        NetworkSettings: { Networks: { x: { NetworkID: 'n', IPAddress: '10.0.0.1' } } },
      },
    ],
    '/containers/c/json': {
      Config: { Hostname: 'c', Env: ['A=1'], Labels: {} },
      HostConfig: { CapAdd: ['NET_ADMIN'], RestartPolicy: { Name: 'no' }, Tmpfs: { '/run': '' }, Memory: 1 },
      State: { Running: true, ExitCode: 0 },
    },
    '/images/i/json': { Id: 'i', Config: { Env: ['A=1'], Labels: {} }, RepoTags: ['i:1'] },
  };
  let answer: unknown;
  const found = place('deep.sock');
  const reply: RequestListener = ({ url }, response) =>
    response.end(JSON.stringify(url === '/version' ? docker : answer));
  await listening(createServer(reply), { path: found.name });
  const { docker: client } = await firstAnswering([found], false);
  const ask: Record<string, () => Promise<unknown>> = {
    '/networks': () => client.listNetworks(),
    '/containers/json': () => client.listContainers({ all: true }),
    '/containers/c/json': () => client.getContainer('c').inspect(),
    '/images/i/json': () => client.getImage('i').inspect(),
  };
  for (const [path, good] of Object.entries(answers)) {
    answer = good;
    await expect(ask[path]?.()).resolves.toEqual(good);
    answer = 7;
    await expect(ask[path]?.()).rejects.toThrow('does not speak the Docker Engine API');
    expect(hasShape({ path }, good)).toBe(true);
    for (const wrong of [7, 'text', [null], { no: { such: 1 } }, true])
      for (const changed of changedAnywhere(good, wrong))
        expect([JSON.stringify(changed), hasShape({ path }, changed)]).toEqual([expect.any(String), false]);
  }
});

/** The value with one of its parts replaced, each in turn. */
function* changedAnywhere(value: unknown, by: unknown): Generator<unknown> {
  if (typeof value !== typeof by || Array.isArray(value) !== Array.isArray(by)) yield by;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value))
    for (const part of changedAnywhere((value as Record<string, unknown>)[key], by))
      yield Array.isArray(value) ? value.with(Number(key), part) : { ...value, [key]: part };
}

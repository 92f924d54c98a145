import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDaemon } from '../../../lab/engine/docker/find-daemon.ts';
import { findProgram } from '../../../lab/engine/install-packages.ts';

// Of the ed25519 keys that ssh2 makes, some cannot be read.
const newKey = () => ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
const [hostKey, userKey] = [newKey(), newKey()];
const path = process.env.PATH;
let folder: string;
let daemon: Server;
let sshd: ssh2.Server;
let sessions = 0;

/** An SSH server that runs `cat` and forwards to sockets, as sshd(8) does; what calls it is ssh(1) itself. */
function sshServer(): ssh2.Server {
  return new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    client
      .on('authentication', (attempt) =>
        attempt.method === 'publickey' ? attempt.accept() : attempt.reject(['publickey']),
      )
      .on('error', () => undefined)
      .on('session', (accept) => {
        sessions++;
        accept().on('exec', (run, reject, { command }) => {
          if (command !== 'cat') return reject?.();
          const channel = run();
          channel.pipe(channel);
          channel.on('end', () => channel.exit(0));
        });
      })
      // The types lack this event of ssh2's.
      .on('openssh.streamlocal' as 'tcpip', (accept, _reject, info) => {
        const channel = accept();
        const { socketPath } = info as unknown as { socketPath: string };
        channel
          .pipe(connect(socketPath))
          .on('error', () => channel.close())
          .pipe(channel);
      });
  });
}

/** Has ssh(1) go by settings of the test's own, with that line of known hosts. */
async function trust(knownHost: string): Promise<void> {
  await writeFile(join(folder, 'known_hosts'), knownHost);
  const settings = [
    `IdentityFile ${folder}/key`,
    `UserKnownHostsFile ${folder}/known_hosts`,
    'IdentityAgent none',
  ];
  await writeFile(join(folder, 'config'), settings.join('\n'));
  await writeFile(join(folder, 'ssh'), `#!/bin/sh\nexec ${real} -F ${folder}/config "$@"\n`);
  await chmod(join(folder, 'ssh'), 0o755);
}

const real = findProgram('ssh');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-tunnel-'));
  await writeFile(join(folder, 'key'), userKey.private, { mode: 0o600 });
  const version = JSON.stringify({ Version: '99.1', ApiVersion: '1.99' });
  daemon = createServer((_request, response) => response.end(version)).listen(join(folder, 'docker.sock'));
  sshd = sshServer().listen(0, '127.0.0.1');
  await Promise.all([once(daemon, 'listening'), once(sshd, 'listening')]);
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterAll(async () => {
  process.env.PATH = path;
  daemon.close();
  sshd.close();
  await rm(folder, { recursive: true });
});

function dockerHost(): string {
  return `ssh://ada@127.0.0.1:${(sshd.address() as AddressInfo).port}${folder}/docker.sock`;
}

it.runIf(real)('speaks to an engine by one SSH session, whatever else DOCKER_HOST says', async () => {
  await trust(`[127.0.0.1]:${(sshd.address() as AddressInfo).port} ${hostKey.public}\n`);
  process.env.DOCKER_HOST = 'tcp://192.0.2.1:2375';
  const found = await findDaemon({ DOCKER_HOST: dockerHost() });
  delete process.env.DOCKER_HOST;
  expect(found).toMatchObject({ version: '99.1', local: false, socket: `DOCKER_HOST=${dockerHost()}` });
  const answers = await Promise.all(Array.from({ length: 20 }, () => found.docker.version()));
  expect(answers.map(({ Version }) => Version)).toEqual(Array(20).fill('99.1'));
  expect(sessions).toBe(1);
  const here = found.environment.DOCKER_HOST?.replace('unix://', '') ?? '';
  expect(here).not.toBe(join(folder, 'docker.sock'));
  await rm(dirname(here), { recursive: true });
});

it.runIf(real)('does not speak to a host whose key is not known, and says so', async () => {
  await trust('');
  await expect(findDaemon({ DOCKER_HOST: dockerHost() })).rejects.toThrow(/Host key verification failed/);
});

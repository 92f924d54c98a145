import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AnotherServer } from '../../examples/another-server.ts';
import { ThirdSubnet } from '../../examples/third-subnet.ts';
import { down } from '../../lab/engine/docker/down.ts';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { runExec } from '../../lab/engine/docker/streams.ts';
import { up } from '../../lab/engine/docker/up.ts';
import { stackPath } from '../../lab/stack/stack-path.ts';

let daemon: Daemon;
let folder: string;
const names = ['it-c-third', 'it-c-another'];
beforeAll(async () => {
  daemon = await findDaemon();
  folder = await mkdtemp(join(tmpdir(), 'ftplab-extending-'));
  const app = new App({ outdir: folder, stackTraces: false });
  new ThirdSubnet(app, 'it-c-third', 46);
  new AnotherServer(app, 'it-c-another', 47);
  app.synth();
});
afterAll(async () => {
  for (const name of names) await down(daemon, name);
  await rm(folder, { recursive: true, force: true });
});

const greeting = (from: string, server: string) =>
  runExec(
    daemon,
    from,
    ['bash', '-c', `exec 3<>/dev/tcp/${server}/21 && head -c 3 <&3`],
    AbortSignal.timeout(10_000),
  );

it('reaches a server from a third subnet once its firewall lets it', async () => {
  await up(daemon, stackPath(folder, 'it-c-third'));
  const forward = (policy: string) =>
    runExec(daemon, 'it-c-third-isa-z', ['iptables', '-P', 'FORWARD', policy]);
  const refused = runExec(daemon, 'it-c-third-z-workstation', [
    'timeout',
    '2',
    'bash',
    '-c',
    'echo > /dev/tcp/vsftpd/21',
  ]);
  expect((await refused).code).toBe(124); // timeout(1): nothing came back
  await forward('ACCEPT');
  expect(await greeting('it-c-third-z-workstation', 'vsftpd')).toMatchObject({ code: 0, stdout: '220' });
  await down(daemon, 'it-c-third');
});

it('has more servers, which greet', async () => {
  await up(daemon, stackPath(folder, 'it-c-another'));
  expect(await greeting('it-c-another-vsftpd', 'partner')).toMatchObject({ code: 0, stdout: '220' });
  expect(await greeting('it-c-another-x-workstation', 'x-server')).toMatchObject({ code: 0, stdout: '220' });
});

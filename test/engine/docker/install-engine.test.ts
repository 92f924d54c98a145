import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDaemon } from '../../../lab/engine/docker/install-engine.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-daemon-'));
});
afterEach(() => rm(folder, { recursive: true }));

const start = (script: string, deadline: number) =>
  startDaemon({
    command: [process.execPath, '-e', script],
    socket: join(folder, 'engine.sock'),
    log: join(folder, 'engine.log'),
    deadline,
  });

test('waits until the daemon answers', async () => {
  const daemon = `
    const server = require('node:http').createServer((_, response) => {
      response.end('{"Version":"1","ApiVersion":"1.41"}');
      setTimeout(() => process.exit(), 100);
    });
    setTimeout(() => server.listen('${join(folder, 'engine.sock')}'), 200);`;
  await start(daemon, 10_000);
});

test('reports the last words of a daemon that dies', async () => {
  const error = await start('console.error("no iptables"); process.exit(4)', 10_000).catch((e) => e);
  expect(error).toMatchObject({ kind: 'environment', code: 'engine-does-not-start' });
  expect(error.message).toContain('it ended with status 4');
  expect(error.message).toMatch(/Its last words:\n {2}no iptables$/);
});

test('reports a daemon that never answers', async () => {
  const error = await start('console.log("thinking"); setTimeout(() => {}, 1500)', 600).catch((e) => e);
  expect(error.message).toMatch(/no answer at .*engine\.sock within 0\.6 s/);
  expect(error.message).toContain('thinking');
});

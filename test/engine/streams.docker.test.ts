import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Daemon, findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { followLog, openExec, readLog, runExec } from '../../lab/engine/docker/streams.ts';
import { imageTag } from '../../lab/stack/images.ts';

let daemon: Daemon;
let container: string;
beforeAll(async () => {
  daemon = await findDaemon();
  const made = await daemon.docker.createContainer({
    Image: imageTag('client'),
    name: 'it-c-streams',
    Entrypoint: ['bash', '-c', 'mkfifo /tmp/pipe; while read -r line < /tmp/pipe; do echo "$line"; done'],
    Cmd: [],
    HostConfig: { NetworkMode: 'none', Init: true },
  });
  container = made.id;
  await made.start();
  await runExec(daemon, container, ['bash', '-c', 'until [ -p /tmp/pipe ]; do sleep 0.01; done']);
});
afterAll(() => daemon.docker.getContainer(container).remove({ force: true }));

it('speaks with a process line by line, within milliseconds', async () => {
  const lines: string[] = [];
  let heard: () => void = () => {};
  const process = await openExec(daemon, container, ['cat'], (line) => {
    lines.push(line);
    heard();
  });
  const started = performance.now();
  for (let round = 0; round < 100; round++) {
    const answer = new Promise<void>((resolve) => {
      heard = resolve;
    });
    process.write(`round ${round}`);
    await answer;
  }
  expect((performance.now() - started) / 100).toBeLessThan(20);
  expect(lines).toHaveLength(100);
  await process.close();
  expect(await process.closed).toEqual({ code: 0 });
  expect(() => process.write('late')).toThrowError(expect.objectContaining({ code: 'stream-closed' }));
});

it('carries a megabyte in one line, both ways', async () => {
  const text = 'x'.repeat(1024 * 1024);
  let answer: (line: string) => void = () => {};
  const answered = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const process = await openExec(daemon, container, ['cat'], answer);
  process.write(text);
  expect((await answered) === text).toBe(true);
  await process.close();
});

it("keeps standard error apart and tells the process' end", async () => {
  const lines: string[] = [];
  const process = await openExec(
    daemon,
    container,
    ['bash', '-c', 'echo out; echo err >&2; exit 7'],
    (line) => lines.push(line),
  );
  expect(await process.closed).toEqual({ code: 7 });
  expect([lines, process.stderr()]).toEqual([['out'], 'err\n']);
});

it('follows the log from now on', async () => {
  const lines: string[] = [];
  const following = await followLog(daemon, container, (line) => lines.push(line));
  await runExec(daemon, container, ['bash', '-c', 'echo hello > /tmp/pipe']);
  for (let patience = 0; patience < 100 && lines.length === 0; patience++) await delay(10);
  expect(lines).toEqual(['hello']);
  following.close();
  await following.closed;
  expect(await readLog(daemon, container, { tail: 1 })).toEqual(['hello']);
});

it('stops an exec while it is waited for', async () => {
  await expect(runExec(daemon, container, ['sleep', '5'], AbortSignal.timeout(100))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});

it('names a container that is not there', async () => {
  await expect(openExec(daemon, 'it-c-nobody', ['true'], () => {})).rejects.toMatchObject({
    code: 'host-unavailable',
    message: expect.stringContaining('it-c-nobody'),
  });
});

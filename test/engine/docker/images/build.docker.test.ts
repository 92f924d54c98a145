import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Daemon, findDaemon } from '../../../../lab/engine/docker/find-daemon.ts';
import { ensureImages, missingImages } from '../../../../lab/engine/docker/images/build.ts';
import { imageTags, shippedImages } from '../../../../lab/stack/images.ts';

let daemon: Daemon;
let folder: string;

beforeAll(async () => {
  daemon = await findDaemon();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-'));
  await cp(shippedImages().sources.folder, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

/** The lab's images, but with a client that is built by these commands. `mark` shows in what comes of them. */
async function withClient(...commands: string[]) {
  const mark = `marked-${randomUUID()}`;
  const steps = commands.map((command) => `RUN : ${mark}; ${command}`);
  await writeFile(join(folder, 'client/Dockerfile'), ['ARG BASE', 'FROM $BASE', ...steps].join('\n'));
  const sources = { folder, agent: shippedImages().sources.agent };
  return { mark, made: { sources, tags: imageTags(sources) } };
}

/** Ids of all images, layers of a build included, and containers that a command with this mark has made. */
async function madeWith(mark: string): Promise<string[]> {
  const images = await daemon.docker.listImages({ all: true });
  const marked = await Promise.all(
    images.map(async ({ Id }) => {
      const history = await daemon.docker
        .getImage(Id)
        .history()
        .catch(() => []);
      return JSON.stringify(history).includes(mark) ? [Id] : [];
    }),
  );
  return [...marked.flat(), ...(await containersWith(mark)).map(({ Id }) => Id)];
}

async function containersWith(mark: string) {
  const containers = await daemon.docker.listContainers({ all: true });
  return containers.filter(({ Command }) => Command.includes(mark));
}

test('nothing is built twice', async () => {
  const progress: string[] = [];
  await ensureImages(daemon, { progress: (message) => progress.push(message) });
  expect(progress).toEqual([]);
  expect(await missingImages(daemon)).toEqual([]);
});

test('only what has changed is built', async () => {
  const { mark, made } = await withClient('echo hello > /etc/motd');
  expect(await missingImages(daemon, made.tags)).toEqual(['client']);
  const progress: string[] = [];
  await ensureImages(daemon, { progress: (message) => progress.push(message) }, made);
  expect(progress).toEqual(['Building image client', expect.stringMatching(/^Built image client \(/)]);
  expect(await madeWith(mark)).not.toEqual([]);
  const image = daemon.docker.getImage(made.tags.images.client);
  expect((await image.inspect()).Config.Labels).toEqual({ 'isa-ftp-lab': 'image' });
  await image.remove();
});

test('a build that fails says why and leaves nothing behind', async () => {
  const { mark, made } = await withClient('echo one > /one', 'echo out of luck >&2; exit 7');
  const error = await ensureImages(daemon, { progress: () => {} }, made).catch((e) => e);
  expect(error).toMatchObject({ kind: 'environment', code: 'image-build-failed' });
  expect(error.message).toContain('Image client could not be built');
  expect(error.message).toContain('out of luck');
  expect(await missingImages(daemon, made.tags)).toEqual(['client']);
  expect(await madeWith(mark)).toEqual([]);
});

test('an aborted build stops at once and leaves nothing behind', async () => {
  const { mark, made } = await withClient('echo one > /one', 'sleep 60');
  const interruption = new AbortController();
  const reason = new Error('interrupted');
  const building = ensureImages(daemon, { progress: () => {}, signal: interruption.signal }, made).catch(
    (e) => e,
  );
  const sleeping = async () =>
    (await containersWith(mark)).some(
      ({ Command, State }) => Command.includes('sleep') && State === 'running',
    );
  await expect.poll(sleeping, { timeout: 20_000 }).toBe(true);
  interruption.abort(reason);
  const start = performance.now();
  expect(await building).toBe(reason);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(await madeWith(mark)).toEqual([]);
});

import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imageNames } from '../../lab/network/topology.ts';
import { imageTag, imageTags, shippedImages } from '../../lab/stack/images.ts';

const shippedFolder = fileURLToPath(new URL('../../lab/engine/images', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  await cp(shippedFolder, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const tags = (agent = 'agent') => imageTags({ folder, agent });

/** The names of images whose tags differ. */
function changed(before: ReturnType<typeof tags>, after: ReturnType<typeof tags>): string[] {
  const images = imageNames.filter((name) => before.images[name] !== after.images[name]);
  return before.base === after.base ? images : ['base', ...images];
}

test('a tag names the image and a digest of its sources', () => {
  expect(imageTag('pure-ftpd')).toMatch(/^isa-ftp-lab\/pure-ftpd:[0-9a-f]{12}$/);
  expect(imageTag('pure-ftpd')).toBe(shippedImages().tags.images['pure-ftpd']);
});

test('the same sources have the same tags in any folder', () => {
  expect(changed(tags(), imageTags({ folder: shippedFolder, agent: 'agent' }))).toEqual([]);
});

test("a file of one image changes that image's tag only", async () => {
  const before = tags();
  await writeFile(join(folder, 'proftpd/root/etc/proftpd/proftpd.conf'), 'PassivePorts 1 2');
  expect(changed(before, tags())).toEqual(['proftpd']);
});

test('a new file and a new name change the tag', async () => {
  const before = tags();
  await writeFile(join(folder, 'client/motd'), '');
  const added = tags();
  await rename(join(folder, 'client/motd'), join(folder, 'client/issue'));
  expect(changed(before, added)).toEqual(['client']);
  expect(changed(added, tags())).toEqual(['client']);
});

test('the base changes all tags', async () => {
  const before = tags();
  await writeFile(join(folder, 'base/root/usr/local/bin/lab-init'), '#!/bin/sh');
  expect(changed(before, tags())).toEqual(['base', ...imageNames]);
});

test('the agent changes every image, but not the base below', () => {
  expect(changed(tags('one'), tags('two'))).toEqual([...imageNames]);
});

test('the agent is one self-contained file', () => {
  const { agent } = shippedImages().sources;
  const required = [...agent.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
  const { isBuiltin } = process.getBuiltinModule('node:module');
  expect(required.length).toBeGreaterThan(0);
  expect(required.filter((name) => !isBuiltin(name))).toEqual([]);
});

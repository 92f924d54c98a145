import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Daemon, findDaemon } from '../../../../lab/engine/docker/find-daemon.ts';
import { hasImage } from '../../../../lab/engine/docker/images/base-image.ts';
import { removeOldImages } from '../../../../lab/engine/docker/images/old-images.ts';
import { shippedImages } from '../../../../lab/stack/images.ts';

let daemon: Daemon;
let folder: string;
const loaded: string[] = [];

beforeAll(async () => {
  daemon = await findDaemon();
  folder = await mkdtemp(join(tmpdir(), 'old-images-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  for (const tag of loaded)
    if (await hasImage(daemon, tag)) await daemon.docker.getImage(tag).remove({ force: true });
});

/** Gives the engine an image without files, as if it had been made in that year. */
async function load(tag: string, year: number, labels: Record<string, string> = { 'isa-ftp-lab': 'image' }) {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    created: `${year}-01-01T00:00:00Z`,
    config: { Labels: labels },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [tag], Layers: [] }];
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(folder, 'image.tar');
  execFileSync('tar', ['-C', folder, '-cf', archive, 'config.json', 'manifest.json']);
  const env = { ...process.env, ...daemon.environment };
  execFileSync('docker', ['load', '--quiet', '--input', archive], { env });
  loaded.push(tag);
  return tag;
}

test("old versions of a host go, unless a container uses them; what is not the lab's own stays", async () => {
  const version = (number: number) => `isa-ftp-lab/client:00000000000${number}`;
  const old = [await load(version(1), 2001), await load(version(2), 2002)];
  const used = await load(version(3), 2000);
  for (const [place, year] of [2010, 2011, 2012].entries()) await load(version(4 + place), year);
  const foreign = await load(version(7), 1999, {});
  const users = await load('isa-ftp-lab/mine:000000000008', 1999);
  const container = await daemon.docker.createContainer({ Image: used, Cmd: ['none'] });
  try {
    const removed = await removeOldImages(daemon, shippedImages().tags);
    expect(removed).toEqual(expect.arrayContaining(old));
    for (const tag of old) expect({ tag, is: await hasImage(daemon, tag) }).toEqual({ tag, is: false });
    for (const tag of [used, foreign, users])
      expect({ tag, is: await hasImage(daemon, tag) }).toEqual({ tag, is: true });
    for (const tag of Object.values(shippedImages().tags.images)) expect(removed).not.toContain(tag);
  } finally {
    await container.remove({ force: true });
  }
});

test('a second time there is nothing to remove', async () => {
  await removeOldImages(daemon, shippedImages().tags);
  expect(await removeOldImages(daemon, shippedImages().tags)).toEqual([]);
});

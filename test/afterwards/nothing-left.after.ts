/** Runs after all other tests: what they started is gone. Labs that were there before do not count. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findDaemon } from '../../lab/engine/docker/find-daemon.ts';
import { findEngine } from '../../lab/engine/find-engine.ts';
import { labels } from '../../lab/stack/labels.ts';

/** Labs that were there before the first test; see test/engine-with-images.ts. */
const before = (process.env.FTPLAB_LABS_BEFORE ?? '').split(',');

const daemon = await findDaemon().catch(() => undefined);

it.runIf(daemon)('leaves no container and no network', async () => {
  if (!daemon) return;
  const { docker } = daemon;
  const filters = { label: [labels.lab] };
  const left = [
    ...(await docker.listContainers({ all: true, filters })).map(({ Names, Labels }) => [
      Labels,
      Names.join(),
    ]),
    ...(await docker.listNetworks({ filters })).map(({ Name, Labels }) => [Labels, Name]),
  ] as [Record<string, string>, string][];
  const ours = left.filter(([{ [labels.lab]: lab = '' }]) => !before.includes(`docker ${lab}`));
  expect(ours.map(([, name]) => name)).toEqual([]);
});

it.runIf(process.platform === 'linux')('leaves no lab of namespaces', async () => {
  const labs = await (await findEngine({ kind: 'namespaces' })).labs();
  const ours = labs.filter(({ name }) => !before.includes(`namespaces ${name}`));
  expect(ours.map(({ name }) => name)).toEqual([]);
});

it.runIf(process.platform === 'linux')('leaves no process', async () => {
  const launcher = fileURLToPath(new URL('../../bin/ftplab.js', import.meta.url));
  const commands = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  expect(commands.filter((command) => command.split('\0').includes(launcher))).toEqual([]);
});

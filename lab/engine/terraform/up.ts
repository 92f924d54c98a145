import { dirname } from 'node:path';
import { LabError } from '../../errors.ts';
import { labels } from '../../stack/labels.ts';
import { compare, refuseMissing } from '../docker/compare-stack.ts';
import { limitProcesses } from '../docker/create.ts';
import type { Daemon } from '../docker/find-daemon.ts';
import { observe } from '../docker/observe.ts';
import { removable, remove } from '../docker/removal.ts';
import { startedHost } from '../docker/started-host.ts';
import type { UpOptions, UpResult } from '../engine.ts';
import { awaitReady, readyWithinSeconds } from '../ready.ts';
import type { DesiredLab } from '../stack-file.ts';
import { initialize } from './initialize.ts';
import { readMessage, terraformFailed } from './messages.ts';
import { runTerraform, type Terraform } from './run-terraform.ts';
import { idsInState, inTheWay } from './state.ts';

/**
 * Makes Terraform create the stack file's containers and networks, then waits until every host is ready. The lab itself
 * first removes what differs from the stack: Terraform lets containers leave a network at the same moment, which can
 * break the network on older Docker engines. If it fails or is aborted, everything that this call created is removed
 * again. Throws the same errors as the Docker engine's `up`, and LabError `no-provider` and `terraform-failed`.
 */
export async function upBy(
  terraform: Terraform,
  daemon: Daemon,
  stackFile: string,
  options: UpOptions = {},
): Promise<UpResult> {
  const { signal, progress } = options;
  signal?.throwIfAborted();
  const comparison = await compare(daemon, stackFile);
  const { desired } = comparison;
  refuseMissing(comparison.missingImages);
  const folder = dirname(stackFile);
  progress?.(`Preparing ${terraform.program} ${terraform.version}`);
  await initialize(terraform, daemon, folder, signal);
  const ids = await readIds(terraform, daemon, folder);
  const { networks, containers } = inTheWay(comparison, ids);
  await remove(daemon, { networks: [...networks], containers: containers.map(removable) });
  await refuseNamesakes(daemon, desired);
  const before = await idsOnEngine(daemon, desired.name);
  try {
    await apply(terraform, daemon, folder, options);
    await everyHostReady(daemon, desired, before, options);
  } catch (error) {
    const made = await observe(daemon, desired.name);
    await remove(daemon, {
      networks: made.networks.filter(({ id }) => !before.has(id)),
      containers: made.containers.filter(({ id }) => !before.has(id)).map(removable),
    });
    throw signal?.aborted ? signal.reason : error;
  }
  const all = [...comparison.difference.networks, ...comparison.difference.containers];
  const gone = new Set([...networks, ...containers].map(({ name }) => name));
  const changed = all.filter(({ desired: { name } }) => gone.has(name)).length;
  const created = all.filter(({ action }) => action === 'create').length;
  return {
    name: desired.name,
    created,
    changed,
    removed: gone.size - changed,
    unchanged: all.length - created - changed,
  };
}

/** The Docker ids in Terraform's state, whether they still exist or not. */
export async function readIds(terraform: Terraform, daemon: Daemon, folder: string): Promise<Set<string>> {
  const shown = await runTerraform(terraform, ['show', '-json', '-no-color'], { folder, daemon });
  if (shown.code !== 0) throw terraformFailed('read its state', shown);
  return idsInState(shown.stdout);
}

async function apply(
  terraform: Terraform,
  daemon: Daemon,
  folder: string,
  { progress, signal }: UpOptions,
): Promise<void> {
  const ran = await runTerraform(terraform, ['apply', '-auto-approve', '-input=false', '-json'], {
    folder,
    daemon,
    signal,
    onLine: (line) => tell(line, progress),
  });
  signal?.throwIfAborted();
  if (ran.code !== 0) throw terraformFailed('bring the lab up', ran);
}

/** Reports what Terraform creates and removes, not what it reads. */
export function tell(line: string, progress: UpOptions['progress']): void {
  const message = readMessage(line);
  if (message === undefined || !/^(apply_(start|complete)|change_summary)$/.test(message.type)) return;
  progress?.(message['@message'].replace(/ \[id=\w+\]/, ''));
}

/** The provider creates networks on older engines without checking for another one with the same name. */
async function refuseNamesakes(daemon: Daemon, { name, networks }: DesiredLab): Promise<void> {
  const listed = await daemon.docker.listNetworks();
  const namesake = listed.find(
    ({ Name, Labels }) => Labels?.[labels.lab] !== name && networks.some((network) => network.name === Name),
  );
  if (namesake === undefined) return;
  throw new LabError(
    'environment',
    'docker-refused',
    `Terraform cannot create network ${namesake.Name}: a network with that name exists and does not belong to the lab`,
    'Remove it, or give this lab another --name.',
  );
}

async function idsOnEngine(daemon: Daemon, name: string): Promise<Set<string>> {
  const { networks, containers } = await observe(daemon, name);
  return new Set([...networks, ...containers].map(({ id }) => id));
}

async function everyHostReady(
  daemon: Daemon,
  desired: DesiredLab,
  before: ReadonlySet<string>,
  { signal = new AbortController().signal, readyWithin: seconds = readyWithinSeconds }: UpOptions,
): Promise<void> {
  const { containers } = await observe(daemon, desired.name);
  await Promise.all(
    desired.containers.map(async (container) => {
      const id = containers.find(({ name }) => name === container.name)?.id ?? container.name;
      if (!before.has(id)) await limitProcesses(daemon, id, container);
      await awaitReady(startedHost(daemon, id, container), { signal, seconds, fresh: !before.has(id) });
    }),
  );
}

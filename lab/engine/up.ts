import pLimit from 'p-limit';
import { LabError, type Progress } from '../errors.ts';
import { labels } from '../stack/labels.ts';
import { difference, type Step } from './difference.ts';
import type { Engine } from './find-engine.ts';
import { observe } from './observe.ts';
import { awaitReady } from './ready.ts';
import { messageOf, removeContainers, removeNetworks, statusOf } from './removal.ts';
import { type DesiredContainer, type DesiredNetwork, readStack } from './stack-file.ts';

/** How many networks and containers `up` dealt with. `changed` ones were replaced, `removed` ones had left the stack. */
export interface UpResult {
  readonly name: string;
  readonly created: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

export interface UpOptions {
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** How long each host may take to be ready, in seconds. Default 15. */
  readonly readyWithin?: number;
}

/** Starting a container is mostly the runtime's CPU time: on two cores more at once is no faster. */
const startsAtOnce = 4;

/**
 * Makes Docker's containers and networks those of the stack file, and waits until every host is ready. What fits
 * already is not touched. When it fails or `signal` aborts, everything that this call created is removed again.
 * Throws LabError (`not-ready`, `image-missing`, `address-clash`, `docker-refused`, or the stack file's own), or the
 * signal's reason.
 */
export async function up(engine: Engine, stackFile: string, options: UpOptions = {}): Promise<UpResult> {
  options.signal?.throwIfAborted();
  const desired = await readStack(stackFile);
  const [observed, imageIds] = await Promise.all([
    observe(engine, desired.name),
    imagesOf(engine, desired.containers),
  ]);
  const plan = difference(desired, observed, imageIds);
  const steps = [...plan.networks, ...plan.containers];
  const count = (action: Step<unknown, unknown>['action']) =>
    steps.filter((step) => step.action === action).length;
  const result = {
    name: desired.name,
    created: count('create'),
    changed: count('change'),
    removed: plan.surplus.networks.length + plan.surplus.containers.length,
    unchanged: count('keep'),
  };
  const pending = steps.length - result.unchanged;
  if (pending > 0)
    options.progress?.(
      `Bringing up ${desired.name}: ${pending} of ${steps.length} networks and containers to start`,
    );
  const id = ({ id }: { id: string }) => id;
  await removeContainers(engine, [
    ...plan.containers.flatMap((step) => step.remove).map(id),
    ...plan.surplus.containers.map(id),
  ]);
  await removeNetworks(engine, [
    ...plan.networks.flatMap((step) => step.remove).map(id),
    ...plan.surplus.networks.map(id),
  ]);
  const made = { containers: [] as string[], networks: [] as string[] };
  const failure = new AbortController();
  const signal =
    options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  const starts = pLimit(startsAtOnce);
  const networkTasks = new Map(
    plan.networks.map((step) => [
      step.desired.name,
      step.keep !== null ? Promise.resolve() : createNetwork(engine, step, made.networks, signal),
    ]),
  );
  const containerTasks = plan.containers
    .filter((step) => step.keep === null)
    .map(async (step) => {
      await Promise.all(step.desired.networks.map(({ name }) => networkTasks.get(name)));
      const container = await starts(() => startContainer(engine, step, made.containers, signal));
      await awaitReady(engine, container, step.desired, signal, options.readyWithin);
    });
  const tasks = [...networkTasks.values(), ...containerTasks];
  try {
    await Promise.all(tasks);
    options.signal?.throwIfAborted();
  } catch (error) {
    failure.abort();
    await Promise.allSettled(tasks);
    await removeContainers(engine, made.containers);
    await removeNetworks(engine, made.networks);
    throw options.signal?.aborted ? options.signal.reason : error;
  }
  return result;
}

async function imagesOf(
  engine: Engine,
  containers: readonly DesiredContainer[],
): Promise<Map<string, string>> {
  const images = [...new Set(containers.map(({ image }) => image))];
  const ids = images.map(async (image): Promise<[string, string]> => {
    try {
      return [image, (await engine.docker.getImage(image).inspect()).Id];
    } catch (error) {
      if (statusOf(error) !== 404) throw refused(`look up image ${image}`, error);
      throw new LabError(
        'environment',
        'image-missing',
        `Image ${image} is not on this engine`,
        'Run "ftplab up", which builds what is missing.',
      );
    }
  });
  return new Map(await Promise.all(ids));
}

async function createNetwork(
  engine: Engine,
  { desired, hash }: Step<DesiredNetwork, unknown>,
  made: string[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  try {
    const { id } = await engine.docker.createNetwork({
      Name: desired.name,
      CheckDuplicate: true,
      Driver: desired.driver,
      Internal: desired.internal,
      Options: desired.options,
      IPAM: {
        Driver: 'default',
        Config: desired.ipam.map(({ subnet, gateway }) => ({
          Subnet: subnet,
          ...(gateway === null ? {} : { Gateway: gateway }),
        })),
      },
      Labels: { ...desired.labels, [labels.hash]: hash },
    });
    made.push(id);
  } catch (error) {
    const ranges = desired.ipam.map(({ subnet }) => subnet).join(', ');
    if (/pool overlaps/i.test(messageOf(error)))
      throw new LabError(
        'environment',
        'address-clash',
        `Network ${desired.name} cannot have ${ranges}: another Docker network has addresses of that range`,
        'Take that network down, or use another slot of addresses.',
        { cause: error },
      );
    throw refused(`create network ${desired.name} (${ranges})`, error);
  }
}

/** Creates a container, connects all its networks, then starts it: connecting later takes ten times as long. */
async function startContainer(
  engine: Engine,
  { desired, hash }: Step<DesiredContainer, unknown>,
  made: string[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const [first, ...others] = desired.networks;
  const endpoint = (address: string) => ({ IPAMConfig: { IPv4Address: address } });
  try {
    const container = await engine.docker.createContainer({
      name: desired.name,
      Image: desired.image,
      ...(desired.hostname === null ? {} : { Hostname: desired.hostname }),
      Env: [...desired.env],
      Labels: { ...desired.labels, [labels.hash]: hash },
      HostConfig: {
        Init: desired.init,
        RestartPolicy: { Name: desired.restart },
        CapAdd: [...desired.capabilities.add],
        CapDrop: [...desired.capabilities.drop],
        Dns: [...desired.dns],
        Sysctls: desired.sysctls,
        ExtraHosts: desired.hosts.map(({ host, ip }) => `${host}:${ip}`),
        ...(desired.log.driver === null
          ? {}
          : { LogConfig: { Type: desired.log.driver, Config: desired.log.options } }),
        NetworkMode: first.name,
      },
      NetworkingConfig: { EndpointsConfig: { [first.name]: endpoint(first.address) } },
    });
    made.push(container.id);
    for (const { name, address } of others) {
      signal.throwIfAborted();
      await engine.docker
        .getNetwork(name)
        .connect({ Container: container.id, EndpointConfig: endpoint(address) });
    }
    signal.throwIfAborted();
    await container.start();
    return container.id;
  } catch (error) {
    if (signal.aborted) throw error;
    throw refused(`start container ${desired.name}`, error);
  }
}

function refused(what: string, error: unknown): LabError {
  return new LabError(
    'environment',
    'docker-refused',
    `Docker could not ${what}: ${messageOf(error)}`,
    statusOf(error) === 409
      ? 'Something else has that name: remove it, or give this lab another --name.'
      : undefined,
    { cause: error },
  );
}

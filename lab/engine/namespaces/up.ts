import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../errors.ts';
import { type ImageName, imageNames } from '../../network/topology.ts';
import { imageTag } from '../../stack/images.ts';
import { type Difference, difference, type ImageFacts, tally } from '../difference.ts';
import type { UpOptions, UpResult } from '../engine.ts';
import { awaitReady, readyWithinSeconds } from '../ready.ts';
import { type DesiredContainer, type DesiredLab, readStack } from '../stack-file.ts';
import { refuseWhatCannotBeHonoured } from './honoured.ts';
import { readHostLog } from './host-log.ts';
import { runIn } from './host-process.ts';
import { hasSystem, layersOf } from './layers.ts';
import { observeLab } from './observe.ts';
import { inUserNamespace } from './privileges.ts';
import { kill, lives } from './processes.ts';
import { capabilitiesOf, hostNameOf } from './rights.ts';
import { inside, noteRecord, type RunningLab, runningHosts, runningLab } from './running-lab.ts';
import { sandboxKind } from './sandbox.ts';
import { type HostToMake, workScript } from './script.ts';
import { endLab, type Supervisor, startSupervisor, supervisorOf } from './supervisor.ts';

/** A stack file, and what exists of its lab. */
export interface Comparison {
  readonly desired: DesiredLab;
  readonly lab: RunningLab | undefined;
  readonly difference: Difference;
}

/** Compares; changes nothing. Throws LabError `unsupported-in-stack`, or the stack file's own. */
export async function compare(stackFile: string): Promise<Comparison> {
  const desired = await readStack(stackFile);
  refuseWhatCannotBeHonoured(desired);
  const lab = runningLab(desired.name);
  const images = new Map<string, ImageFacts>(
    desired.containers.map(({ image }) => [image, { id: image, env: [], labels: {} }]),
  );
  const observed = lab ? observeLab(lab) : { networks: [], containers: [] };
  return { desired, lab, difference: difference(desired, observed, images) };
}

/** Makes a lab's networks and hosts those of the stack file, as {@link Engine.up} has it. */
export async function up(stackFile: string, options: UpOptions = {}): Promise<UpResult> {
  options.signal?.throwIfAborted();
  const { desired, lab, difference: plan } = await compare(stackFile);
  const hosts = plan.containers.map((step) => ({ ...step, toMake: withFiles(step.desired) }));
  // A firewall's tracer takes longest to start.
  hosts.sort((a, b) => Number(b.desired.ready === 'firewall') - Number(a.desired.ready === 'firewall'));
  if (!hasSystem())
    throw new LabError(
      'environment',
      'image-missing',
      "The hosts' file systems are not there",
      'Run "ftplab up", which makes them.',
    );
  const result = tally(desired.name, plan);
  const all = plan.networks.length + plan.containers.length;
  const pending = all - result.unchanged;
  if (pending > 0)
    options.progress?.(`Bringing up ${desired.name}: ${pending} of ${all} networks and hosts to start`);
  const supervisor = lab ? supervisorOf(lab) : await startSupervisor(desired);
  try {
    if (pending + result.removed > 0) await converge(supervisor, plan, hosts, desired);
    noteRecord(supervisor, desired);
    await everyHostReady(supervisor, hosts, options);
    if (options.passing !== true) await supervisor.outlive();
    return result;
  } catch (error) {
    await undo(supervisor, lab, plan);
    throw options.signal?.aborted ? options.signal.reason : error;
  }
}

type Steps = readonly (Difference['containers'][number] & { readonly toMake: HostToMake })[];

async function converge(
  supervisor: Supervisor,
  plan: Difference,
  hosts: Steps,
  desired: DesiredLab,
): Promise<void> {
  const going = [...hosts.flatMap(({ remove }) => remove), ...plan.surplus.containers].map((host) =>
    hostNameOf({ name: host.name, labels: host.definition.labels }),
  );
  await stopHosts(supervisor, going);
  const script = workScript({
    remove: {
      hosts: going,
      networks: [...plan.networks.flatMap(({ remove }) => remove), ...plan.surplus.networks].map(
        ({ name }) => name,
      ),
    },
    networks: plan.networks.filter(({ keep }) => keep === null).map((step) => step.desired),
    hosts: hosts.filter(({ keep }) => keep === null).map(({ toMake }) => toMake),
    all: desired.networks,
    userxattr: inUserNamespace(),
    sandboxes: await sandboxKind(),
  });
  await supervisor.run(script);
}

async function stopHosts(lab: RunningLab, names: readonly string[]): Promise<void> {
  const running = runningHosts(lab);
  const places = names.flatMap((name) => running.get(name) ?? []);
  for (const { init } of places) kill(init);
  while (places.some(({ init, sandbox }) => lives(init) || lives(sandbox))) await delay(2);
}

async function everyHostReady(lab: RunningLab, hosts: Steps, options: UpOptions): Promise<void> {
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const seconds = options.readyWithin ?? readyWithinSeconds;
  const look = lookAt(lab);
  const checks = hosts.map(async ({ desired, keep }) => {
    const host = hostNameOf(desired);
    const at = { lab: lab.name, host };
    await sandboxed(lab, host, look, seconds, signal);
    await awaitReady(
      {
        desired,
        run: (command, limit) => runIn(at, command, limit),
        lastWords: async () => lastWords(lab, host),
        byHand: `ftplab shell ${host}`,
      },
      { signal, seconds, fresh: keep === null },
    );
  });
  try {
    await Promise.all(checks);
  } catch (error) {
    failure.abort();
    await Promise.allSettled(checks);
    throw error;
  }
}

type Look = () => Promise<ReturnType<typeof runningHosts>>;

/** Looks at the hosts of a lab in a moment, once for all who ask until then. */
function lookAt(lab: RunningLab): Look {
  let next: ReturnType<Look> | undefined;
  return () => {
    next ??= delay(3).then(() => {
      next = undefined;
      return runningHosts(lab);
    });
    return next;
  };
}

/** Waits until a host's own processes run, or its sandbox has ended. */
async function sandboxed(
  lab: RunningLab,
  host: string,
  look: Look,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await look()).has(host)) {
    signal.throwIfAborted();
    if (existsSync(inside(lab.pid, host, 'exit')) || Date.now() > end) return;
  }
}

function lastWords(lab: RunningLab, host: string): string | undefined {
  const exit = inside(lab.pid, host, 'exit');
  if (!existsSync(exit)) return undefined;
  const log = readHostLog({ lab: lab.name, host }, 5);
  const words = log.length === 0 ? 'its log is empty' : `its last words: ${log.join(' | ')}`;
  return `it exited with status ${readFileSync(exit, 'utf8').trim()}; ${words}`;
}

/** Removes what was made: the whole lab, unless it existed before. */
async function undo(supervisor: Supervisor, before: RunningLab | undefined, plan: Difference): Promise<void> {
  if (!before) return endLab(supervisor);
  const made = plan.containers.filter(({ keep }) => keep === null).map(({ desired }) => hostNameOf(desired));
  await stopHosts(before, made);
}

function withFiles(desired: DesiredContainer): HostToMake {
  const name = imageNames.find((image) => imageTag(image) === desired.image);
  if (name === undefined)
    throw new LabError(
      'environment',
      'image-missing',
      `Image ${desired.image} is not one of the lab's`,
      `Hosts can be made of ${imageNames.join(', ')}.`,
    );
  return { desired, files: filesOf(name, desired) };
}

function filesOf(name: ImageName, desired: DesiredContainer): HostToMake['files'] {
  return {
    layers: layersOf(name),
    command: ['lab-init', 'sh', '/opt/ftplab/main'],
    capabilities: capabilitiesOf(desired),
  };
}

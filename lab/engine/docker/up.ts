import pLimit from 'p-limit';
import { LabError } from '../../errors.ts';
import { type Difference, tally } from '../difference.ts';
import type { UpOptions, UpResult } from '../engine.ts';
import { awaitReady, readyWithinSeconds } from '../ready.ts';
import { compare, refuseMissing } from './compare-stack.ts';
import { createNetwork, limitProcesses, startContainer } from './create.ts';
import type { Daemon } from './find-daemon.ts';
import { type Resources, removable, remove } from './removal.ts';
import { startedHost } from './started-host.ts';

/** Starting a container is mostly the runtime's CPU time: on two cores more at once is no faster. */
const startsAtOnce = 4;

/**
 * Makes Docker's containers and networks those of the stack file, and waits until every host is ready. What fits
 * already is not touched. When it fails or `signal` aborts, everything that this call created is removed again.
 * Throws LabError (`not-ready`, `image-missing`, `address-clash`, `docker-refused`, or the stack file's own), or the
 * signal's reason.
 */
export async function up(daemon: Daemon, stackFile: string, options: UpOptions = {}): Promise<UpResult> {
  options.signal?.throwIfAborted();
  const { desired, difference: plan, missingImages } = await compare(daemon, stackFile);
  refuseMissing(missingImages);
  const result = tally(desired.name, plan);
  const steps = plan.networks.length + plan.containers.length;
  const pending = steps - result.unchanged;
  if (pending > 0)
    options.progress?.(
      `Bringing up ${desired.name}: ${pending} of ${steps} networks and containers to start`,
    );
  const { networks, containers, surplus } = plan;
  await remove(daemon, {
    containers: [...containers.flatMap((step) => step.remove), ...surplus.containers].map(removable),
    networks: [...networks.flatMap((step) => step.remove), ...surplus.networks],
  });
  await build(daemon, plan, options);
  return result;
}

/** Creates what is not kept and waits until everything, kept or not, is ready. */
async function build(daemon: Daemon, plan: Difference, options: UpOptions): Promise<void> {
  const made: Resources = { containers: [], networks: [] };
  const failure = new AbortController();
  const signal =
    options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  const starts = pLimit(startsAtOnce);
  const networks = new Map(
    plan.networks.map((step) => [
      step.desired.name,
      step.keep === null ? createNetwork(daemon, step, made.networks, signal) : Promise.resolve(),
    ]),
  );
  const containers = plan.containers.map(async (step) => {
    await Promise.all(step.desired.networks.map(({ name }) => networks.get(name)));
    const id = step.keep?.id ?? (await starts(() => startContainer(daemon, step, made.containers, signal)));
    if (step.keep && step.keep.definition.processes !== step.desired.processes)
      await limitProcesses(daemon, id, step.desired);
    const seconds = options.readyWithin ?? readyWithinSeconds;
    await awaitReady(startedHost(daemon, id, step.desired), { signal, seconds, fresh: step.keep === null });
  });
  const tasks = [...networks.values(), ...containers];
  try {
    await Promise.all(tasks);
    signal.throwIfAborted();
  } catch (error) {
    failure.abort();
    await Promise.allSettled(tasks);
    const reason: unknown = options.signal?.aborted ? options.signal.reason : error;
    await undo(daemon, made, reason);
    throw reason;
  }
}

/** Removes what was made. If Docker refuses, the error also says why it had to be removed. */
async function undo(daemon: Daemon, made: Resources, reason: unknown): Promise<void> {
  try {
    await remove(daemon, made);
  } catch (left) {
    if (!(left instanceof LabError)) throw left;
    throw new LabError(
      left.kind,
      left.code,
      `${left.message} (it had to be removed because: ${reason instanceof Error ? reason.message : String(reason)})`,
      left.hint,
      { cause: reason },
    );
  }
}

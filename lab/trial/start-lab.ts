import { bringUp } from '../engine/bring-up.ts';
import { down } from '../engine/docker/down.ts';
import { type Engine, findEngine } from '../engine/docker/find-engine.ts';
import { ensureImages } from '../engine/docker/images/build.ts';
import { installEngine } from '../engine/docker/install-engine.ts';
import { status } from '../engine/docker/status.ts';
import type { Converge } from '../engine/docker/up.ts';
import { lockLab } from '../engine/lab-lock.ts';
import { isPassing, setPassing } from '../engine/passing.ts';
import { LabError, type Progress } from '../errors.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import { defaultLabName } from '../stack/lab-name.ts';
import { Lab } from './lab.ts';

export interface LabOptions {
  /** Labs with different names run side by side. Default `ftplab`. */
  readonly name?: string;
  /** Leave the lab up when it is disposed of. Default: only a lab that was up before stays up. */
  readonly keep?: boolean;
  /** Whether a missing Docker engine may be installed (Debian and Ubuntu, as root). Default false. */
  readonly install?: boolean;
  /** Where it is. Default: the engine that answers ({@link findEngine}). */
  readonly engine?: Engine;
  /** What carries the stack out. Default: the Docker engine itself. */
  readonly converge?: Converge;
  /** Addresses and interface names that the lab is to have. A lab that is up with other ones is changed. */
  readonly own?: OwnAddresses;
  readonly progress?: Progress;
  /** Aborts the start; what it created by then is removed. */
  readonly signal?: AbortSignal;
}

/**
 * Brings the lab up, or finds it up, and connects to its hosts. Disposing of it takes it down again unless it was up
 * before or is to be kept: `await using lab = await startLab()`. Throws LabError where the machine cannot run it.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const {
    name = defaultLabName,
    keep = false,
    install = false,
    own = noOwnAddresses,
    signal,
    converge,
    progress = () => undefined,
  } = options;
  const engine = options.engine ?? (await reachEngine(install, progress));
  const lock = await lockLab(name);
  let stays = true;
  const release = async () => {
    try {
      if (!stays) {
        await down(engine, name);
        await setPassing(name, false);
      }
    } finally {
      await lock[Symbol.asyncDispose]();
    }
  };
  try {
    const abortable = { progress, ...(signal && { signal }) };
    await ensureImages(engine, { ...abortable, install });
    const stands = (await status(engine)).some((lab) => lab.name === name);
    stays = keep || (stands && !isPassing(name));
    await setPassing(name, !stays);
    const { plan } = await bringUp(engine, name, { ...abortable, own, ...(converge && { converge }) });
    return await Lab.connect(engine, name, plan, release);
  } catch (error) {
    // Somebody else works with it, from another account or machine.
    if (error instanceof LabError && error.code === 'lab-in-use') stays = true;
    await release();
    throw error;
  }
}

/** The engine that answers; where none does and installing is allowed, Debian's. */
export async function reachEngine(install: boolean, progress: Progress): Promise<Engine> {
  try {
    return await findEngine();
  } catch (error) {
    if (!install || !(error instanceof LabError) || error.code !== 'no-engine') throw error;
    await installEngine(progress);
    return findEngine();
  }
}

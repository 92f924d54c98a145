import { bringUp } from '../engine/bring-up.ts';
import type { Engine, EngineKind } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import { lockLab } from '../engine/lab-lock.ts';
import { isPassing, setPassing } from '../engine/passing.ts';
import { LabError, type Progress } from '../errors.ts';
import type { Names } from '../model/names.ts';
import { noOwnAddresses, type OwnAddresses } from '../network/own-addresses.ts';
import type { Backend } from '../policy/backend.ts';
import { defaultLabName } from '../stack/lab-name.ts';
import { Lab } from './lab.ts';

export interface LabOptions {
  /** Labs with different names run side by side. Default `ftplab`. */
  readonly name?: string;
  /** Leave the lab up when it is disposed of. Default: only a lab that was up before stays up. */
  readonly keep?: boolean;
  /** Whether to install what the engine lacks (Debian and Ubuntu, as root). Default false. */
  readonly install?: boolean;
  /** The engine's address. Default: the one that {@link findEngine} finds. */
  readonly engine?: Engine;
  /** Which kind of engine to find. */
  readonly kind?: EngineKind;
  /** What the user calls hosts: sentences and patterns of cells then use these names. */
  readonly names?: Names | undefined;
  /** Addresses and interface names for the lab. A lab that is up with other ones is changed. */
  readonly own?: OwnAddresses | undefined;
  /** What rule sets in ISA's terms are compiled to. Default `iptables`. */
  readonly backend?: Backend | undefined;
  readonly progress?: Progress;
  /** Aborts the start; what it has created is removed. */
  readonly signal?: AbortSignal;
}

/**
 * Brings the lab up, or finds it up, and connects to its hosts. Disposing of it takes it down again unless it was up
 * before or should be kept: `await using lab = await startLab()`. Throws LabError if the machine cannot run it.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const {
    name = defaultLabName,
    keep = false,
    install = false,
    own = noOwnAddresses,
    names = {},
    kind,
    signal,
    progress = () => undefined,
  } = options;
  const engine =
    options.engine ?? (await findEngine({ ...(kind && { kind }), lab: name, install, progress }));
  const lock = await lockLab(name, progress);
  let stays = true;
  const release = async () => {
    try {
      if (!stays) {
        await engine.down(name);
        await setPassing(name, false);
      }
    } finally {
      await lock[Symbol.asyncDispose]();
    }
  };
  try {
    const abortable = { progress, ...(signal && { signal }) };
    await engine.prepare({ ...abortable, install });
    const stands = (await engine.labs()).some((lab) => lab.name === name);
    stays = keep || (stands && !isPassing(name));
    await setPassing(name, !stays);
    const { plan } = await bringUp(engine, name, { ...abortable, own, passing: !stays });
    return await Lab.connect({ engine, name, plan, names, backend: options.backend }, release);
  } catch (error) {
    // Another process works with it, from another account or machine.
    if (error instanceof LabError && error.code === 'lab-in-use') stays = true;
    await release();
    throw error;
  }
}

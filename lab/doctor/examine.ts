import type { Engine, EngineKind } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import { about } from '../engine/settled-check.ts';
import { LabError } from '../errors.ts';
import type { Check } from '../model/check.ts';
import type { EngineIdentity } from '../model/origin.ts';
import type { Scenario } from '../model/scenario.ts';
import { identityOf } from '../trial/origin-of.ts';
import { checkKernel, unknownKernel } from './kernel-features.ts';

/** What was found, and the engine that was found, if any. */
export interface Examination {
  readonly engine: EngineIdentity | null;
  readonly checks: readonly Check[];
}

/**
 * Checks everything that the lab needs on this machine, and changes nothing. A missing requirement is a result, never
 * an exception.
 */
export async function examine(scenarios: readonly Scenario[], kind?: EngineKind): Promise<Examination> {
  let engine: Engine;
  try {
    engine = await findEngine({ ...(kind && { kind }) });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const missing: Check = {
      ...about('engine', 'runs the lab', 'all'),
      ok: false,
      detail: error.message,
      ...(error.hint === undefined ? {} : { fix: error.hint }),
    };
    const kernel = unknownKernel('there is no engine to check it with', scenarios);
    return { engine: null, checks: [missing, ...kernel] };
  }
  const checks = await engine.checks();
  const images = checks.find(({ name }) => name === 'images');
  const kernel =
    images?.ok === true
      ? await checkKernel(engine, scenarios).catch((error: Error) =>
          unknownKernel(`the probes could not be run: ${error.message.trim()}`, scenarios),
        )
      : unknownKernel('the images for this check are not built', scenarios);
  return { engine: identityOf(engine), checks: [...checks, ...kernel] };
}

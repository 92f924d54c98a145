import type { Engine, EngineKind } from '../engine/engine.ts';
import { findEngine } from '../engine/find-engine.ts';
import type { Progress } from '../errors.ts';

/**
 * Installs and starts an engine if none answers, and builds the images that are missing. Throws LabError if that
 * cannot be done, or the signal's reason.
 */
export async function fix(options: {
  readonly kind?: EngineKind;
  readonly progress: Progress;
  /** Whether anything may be installed. Default true. */
  readonly install?: boolean;
  readonly signal?: AbortSignal;
}): Promise<Engine> {
  const engine = await findEngine({ install: true, ...options });
  await engine.prepare({ install: true, ...options });
  return engine;
}

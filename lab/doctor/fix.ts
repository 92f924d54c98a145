import { type Engine, findEngine } from '../engine/docker/find-engine.ts';
import { ensureImages } from '../engine/docker/images/build.ts';
import { installEngine } from '../engine/docker/install-engine.ts';
import { LabError, type Progress } from '../errors.ts';

/**
 * Installs and starts an engine where none answers, and builds the images that are missing. Throws LabError where that
 * cannot be done, or the signal's reason.
 */
export async function fix(options: {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}): Promise<Engine> {
  const engine = await findEngine().catch(async (error: unknown) => {
    if (!(error instanceof LabError) || error.code !== 'no-engine') throw error;
    await installEngine(options.progress);
    return findEngine();
  });
  await ensureImages(engine, { ...options, install: true });
  return engine;
}

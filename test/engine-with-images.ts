import type { TestProject } from 'vitest/node';
import { fix } from '../lab/doctor/install.ts';
import { engineKinds } from '../lab/engine/engine.ts';

/**
 * Before the first test that needs them: an engine that answers, with the lab's images. `npm test` may install what is
 * missing (FTPLAB_INSTALL); run by itself, vitest may not, and says what is missing. Notes which labs there are already.
 */
export default async function setup(project: TestProject): Promise<void> {
  const progress = (message: string) => void process.stderr.write(`${message}\n`);
  const kind = engineKinds.find((each) => each === project.config.env.FTPLAB_ENGINE);
  const install = process.env.FTPLAB_INSTALL === '1';
  const engine = await fix({ progress, install, ...(kind && { kind }) });
  const labs = (await engine.labs()).map(({ name }) => `${engine.kind} ${name}`);
  process.env.FTPLAB_LABS_BEFORE = [process.env.FTPLAB_LABS_BEFORE, ...labs].filter(Boolean).join();
}

import { fix } from '../lab/doctor/fix.ts';
import { findEngine } from '../lab/engine/find-engine.ts';

/**
 * Before the first test that needs them: an engine that answers, with the lab's images. `npm test` may install what is
 * missing (FTPLAB_INSTALL); run by itself, vitest may not, and says what is missing. Notes which labs there are already.
 */
export default async function setup(): Promise<void> {
  const progress = (message: string) => void process.stderr.write(`${message}\n`);
  if (process.env.FTPLAB_INSTALL === '1') await fix({ progress });
  const engine = await findEngine();
  await engine.prepare({ progress });
  process.env.FTPLAB_LABS_BEFORE ??= (await engine.labs()).map(({ name }) => name).join();
}

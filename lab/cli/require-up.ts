import type { Engine } from '../engine/engine.ts';
import { LabError } from '../errors.ts';
import { defaultLabName } from '../stack/lab-name.ts';

/** Throws LabError `not-up` if the engine has no lab with that name. */
export async function requireUp(engine: Engine, name: string): Promise<void> {
  if ((await engine.labs()).some((lab) => lab.name === name)) return;
  const option = name === defaultLabName ? '' : ` --name ${name}`;
  throw new LabError(
    'environment',
    'not-up',
    `The lab ${name} is not up`,
    `"ftplab up${option}" brings it up.`,
  );
}

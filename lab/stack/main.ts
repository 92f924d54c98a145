import { App } from 'cdktf';
import { LabError } from '../errors.ts';
import { addressPlan } from '../network/address-plan.ts';
import { defaultLabName } from './lab-name.ts';
import { LabStack } from './lab-stack.ts';

/*
 * The app that cdktf.json names, for the official CLI. The lab's name and slot come from FTPLAB_NAME and FTPLAB_SLOT,
 * or from the context keys `name` and `slot`; the defaults are `ftplab` and 0.
 */
const app = new App();
const setting = (variable: string, key: string): unknown =>
  process.env[variable] ?? app.node.tryGetContext(key);
try {
  const name = String(setting('FTPLAB_NAME', 'name') ?? defaultLabName);
  const slot = Number(setting('FTPLAB_SLOT', 'slot') ?? 0);
  new LabStack(app, name, { plan: addressPlan(slot) });
  app.synth();
} catch (error) {
  if (!(error instanceof LabError || error instanceof RangeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

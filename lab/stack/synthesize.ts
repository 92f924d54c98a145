import { join } from 'node:path';
import { App } from 'cdktf';
import type { AddressPlan } from '../network/address-plan.ts';
import { LabStack } from './lab-stack.ts';

/**
 * Writes the lab's Terraform JSON below `outdir` and returns the path of that file. Throws LabError `usage` for a lab
 * that cannot be.
 */
export function synthesize(name: string, plan: AddressPlan, outdir: string): string {
  const app = new App({ outdir, stackTraces: false });
  new LabStack(app, name, { plan });
  app.synth();
  return join(outdir, 'stacks', name, 'cdk.tf.json');
}

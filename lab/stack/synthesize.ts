import { join } from 'node:path';
import { App, LocalBackend } from 'cdktf';
import type { AddressPlan } from '../network/address-plan.ts';
import { LabStack } from './lab-stack.ts';
import { stackPath } from './stack-path.ts';

/**
 * Writes the lab's Terraform JSON below `outdir`, where Terraform is to keep its state too, and returns the path of that
 * file. Throws LabError `usage` for a lab
 * that cannot be.
 */
export function synthesize(name: string, plan: AddressPlan, outdir: string): string {
  const app = new App({ outdir, stackTraces: false });
  const stack = new LabStack(app, name, { plan });
  new LocalBackend(stack, { path: join(outdir, 'terraform.tfstate') });
  app.synth();
  return stackPath(outdir, name);
}

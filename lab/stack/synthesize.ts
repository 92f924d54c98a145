import { join } from 'node:path';
import { App, LocalBackend } from 'cdktf';
import type { AddressPlan } from '../network/address-plan.ts';
import { LabStack } from './lab-stack.ts';
import { stackPath } from './stack-path.ts';

/**
 * Writes the lab's Terraform JSON below `outdir`, where Terraform also keeps its state, and returns the file's path.
 * Throws LabError `usage` if the lab is impossible.
 */
export function synthesize(name: string, plan: AddressPlan, outdir: string): string {
  const app = new App({ outdir, stackTraces: false });
  const stack = new LabStack(app, name, { plan });
  new LocalBackend(stack, { path: join(outdir, 'terraform.tfstate') });
  app.synth();
  return stackPath(outdir, name);
}

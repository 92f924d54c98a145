import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Testing } from 'cdktf';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { LabStack } from '../../lab/stack/lab-stack.ts';

/** The lab's Terraform JSON, parsed, after `build` has added to the stack. */
export function synthesized(
  build: (stack: LabStack) => void = () => {},
  name = 'ftplab',
  slot = 0,
  // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON, addressed by path
): any {
  const outdir = mkdtempSync(join(tmpdir(), 'isa-ftp-lab-stack-'));
  try {
    const stack = new LabStack(new App({ outdir, stackTraces: false }), name, { plan: addressPlan(slot) });
    build(stack);
    return JSON.parse(Testing.synth(stack));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

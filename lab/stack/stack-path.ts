import { join } from 'node:path';

/** The path of a stack's Terraform JSON after synthesis into a folder, as cdktf lays it out. */
export function stackPath(outdir: string, name: string): string {
  return join(outdir, 'stacks', name, 'cdk.tf.json');
}

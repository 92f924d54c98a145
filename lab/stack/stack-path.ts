import { join } from 'node:path';

/** Where synthesis into a folder puts a stack's Terraform JSON, as cdktf lays it out. */
export function stackPath(outdir: string, name: string): string {
  return join(outdir, 'stacks', name, 'cdk.tf.json');
}

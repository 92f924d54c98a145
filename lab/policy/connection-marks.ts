/*
 * A packet that is dropped may have marked its connection before, so that the same one sent again meets other rules. A SYN leaves
 * no mark: its connection is forgotten as it is dropped (nf_conntrack_core.c, nf_ct_destroy); the answer to one does.
 */
import { targetOf, valuesOf } from './iptables-syntax.ts';
import type { Timed } from './time-or-chance.ts';
import { metByUploads } from './upload-path.ts';

/** Rules that mark connections, if others decide by such marks. */
export function markConnections({ tables, interfaces, onHost }: Timed): string[] {
  const met = [...metByUploads(tables, interfaces ?? null, onHost)];
  const asks = met.some(({ options }) => valuesOf(options, '-m', '--match').includes('connmark'));
  const restores = met.some(({ options }) => options.includes('--restore-mark'));
  if (!asks && !restores) return [];
  return met
    .filter(({ options }) => targetOf(options) === 'CONNMARK' && !options.includes('--restore-mark'))
    .map(({ text }) => text);
}

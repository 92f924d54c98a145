import type { LabChange } from '../model/result/plan.ts';
import type { Difference, NameStep } from './difference.ts';

/** Changes in the order of: networks, then hosts, then what has left the stack. */
export function changesOf({ networks, containers, surplus }: Difference): LabChange[] {
  return [
    ...networks.flatMap((step) => changeOf('network', step)),
    ...containers.flatMap((step) => changeOf('host', step)),
    ...surplus.containers.map(({ name }) => removal('host', name)),
    ...surplus.networks.map(({ name }) => removal('network', name)),
  ];
}

function changeOf(
  kind: LabChange['kind'],
  { action, because, desired: { name } }: NameStep<{ readonly name: string }, unknown>,
): LabChange[] {
  return action === 'keep' ? [] : [{ action, kind, name, because }];
}

/** The removal of something that is not in the stack. */
export function removal(kind: LabChange['kind'], name: string): LabChange {
  return { action: 'remove', kind, name, because: [] };
}

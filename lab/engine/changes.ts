import type { Difference, Step } from './difference.ts';

/** What an `up` would do with one network, container or image. */
export interface Change {
  /** `change` replaces what is there by another one. */
  readonly action: 'create' | 'change' | 'remove';
  readonly kind: 'image' | 'network' | 'container';
  readonly name: string;
  /** What is not as it should be, in words; empty unless `action` is `change`. */
  readonly because: readonly string[];
}

/** The changes of the Docker engine: networks first, then containers, then what has left the stack. */
export function changesOf({ networks, containers, surplus }: Difference): Change[] {
  return [
    ...networks.flatMap((step) => changeOf('network', step)),
    ...containers.flatMap((step) => changeOf('container', step)),
    ...surplus.containers.map(({ name }) => removal('container', name)),
    ...surplus.networks.map(({ name }) => removal('network', name)),
  ];
}

function changeOf(
  kind: Change['kind'],
  { action, because, desired: { name } }: Step<{ readonly name: string }, unknown>,
): Change[] {
  return action === 'keep' ? [] : [{ action, kind, name, because }];
}

/** The removal of something that the stack does not have. */
export function removal(kind: Change['kind'], name: string): Change {
  return { action: 'remove', kind, name, because: [] };
}

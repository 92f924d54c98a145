import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ObservedContainer, ObservedNetwork } from '../difference.ts';
import type { Comparison } from '../docker/compare-stack.ts';
import { stateFolder } from '../lab-lock.ts';

/** The path of Terraform's state of a lab; synthesis writes it into the stack. */
export function stateFile(name: string): string {
  return join(stateFolder(name), 'terraform.tfstate');
}

/** Whether Terraform manages, or managed, a part of a lab. */
export function hasState(name: string): boolean {
  return existsSync(stateFile(name));
}

/** Deletes Terraform's state of a lab that no longer exists. */
export async function forgetState(name: string): Promise<void> {
  for (const suffix of ['', '.backup']) await rm(`${stateFile(name)}${suffix}`, { force: true });
}

const module = z.object({
  root_module: z.object({
    resources: z.array(z.object({ values: z.object({ id: z.string() }) })).default([]),
  }),
});

/** The Docker ids in the output of `terraform show -json`; the state may be missing. */
export function idsInState(json: string): Set<string> {
  const { values } = z.object({ values: module.optional() }).parse(JSON.parse(json));
  return new Set(values?.root_module.resources.map(({ values: { id } }) => id) ?? []);
}

/** What must be removed before Terraform can create the stack. */
export interface InTheWay {
  readonly networks: readonly ObservedNetwork[];
  readonly containers: readonly ObservedContainer[];
}

/**
 * What to remove before Terraform creates the stack: what differs from the stack or is no longer in it; what Terraform
 * did not create, since it cannot take over an existing container; and the containers in such networks.
 */
export function inTheWay({ difference }: Comparison, ids: ReadonlySet<string>): InTheWay {
  const { networks, containers, surplus } = difference;
  const observed = <T extends { readonly id: string }>(
    steps: readonly { readonly remove: readonly T[]; readonly keep: T | null }[],
    more: readonly T[],
    goes: (kept: T) => boolean,
  ) => [...steps.flatMap(({ remove, keep }) => (keep !== null && goes(keep) ? [keep] : remove)), ...more];
  const foreign = ({ id }: { readonly id: string }) => !ids.has(id);
  const goingNetworks = observed(networks, surplus.networks, foreign);
  const goingIds = new Set(goingNetworks.map(({ id }) => id));
  return {
    networks: goingNetworks,
    containers: observed(
      containers,
      surplus.containers,
      (container) => foreign(container) || [...container.networks.keys()].some((id) => goingIds.has(id)),
    ),
  };
}

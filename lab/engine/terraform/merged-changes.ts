import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { LabChange } from '../../model/result/plan.ts';
import { changesOf, removal } from '../changes.ts';
import type { Comparison } from '../docker/compare-stack.ts';
import { inTheWay } from './state.ts';

const values = z.looseObject({ name: z.string() }).nullable();

/** The part of `terraform show -json PLAN` that lists the planned actions. */
const plan = z.object({
  resource_changes: z
    .array(
      z.object({
        type: z.enum(['docker_network', 'docker_container']),
        change: z.object({ actions: z.array(z.string()), before: values, after: values }),
      }),
    )
    .default([]),
});

/**
 * What `up` with Terraform would change: what the lab itself finds, as with the Docker engine; what Terraform did not
 * create, since it is replaced; and what only Terraform finds. `ids`: the ids in Terraform's state; `json`: its plan.
 */
export function mergedChanges(comparison: Comparison, ids: ReadonlySet<string>, json: string): LabChange[] {
  const own = changesOf(comparison.difference);
  const known = new Set(own.map(({ name }) => name));
  const { networks, containers } = inTheWay(comparison, ids);
  const anew = [
    ...networks.map((thing) => ({ kind: 'network' as const, ...thing })),
    ...containers.map((thing) => ({ kind: 'host' as const, ...thing })),
  ]
    .filter(({ name }) => !known.has(name))
    .map(({ kind, id, name }): LabChange => {
      const because = [ids.has(id) ? 'its network is replaced' : 'Terraform did not create it'];
      return { action: 'change', kind, name, because };
    });
  for (const { name } of anew) known.add(name);
  const terraforms = plan
    .parse(JSON.parse(json))
    .resource_changes.flatMap(({ type, change }): LabChange[] => {
      const kind = type === 'docker_network' ? 'network' : 'host';
      const { actions, before, after } = change;
      const name = after?.name ?? before?.name ?? '';
      if (known.has(name) || actions.every((action) => action === 'no-op' || action === 'read')) return [];
      if (before === null) return [{ action: 'create', kind, name, because: [] }];
      if (after === null) return [removal(kind, name)];
      const differ = Object.keys(after).filter(
        (key) => after[key] !== null && !isDeepStrictEqual(after[key], before[key]),
      );
      return [{ action: 'change', kind, name, because: differ.map((key) => key.replaceAll('_', ' ')) }];
    });
  return inOrder([...own, ...anew, ...terraforms]);
}

/** Networks, containers, then removals: the same order as with the Docker engine. */
function inOrder(changes: readonly LabChange[]): LabChange[] {
  const rank = ({ action, kind }: LabChange) => (action === 'remove' ? 2 : kind === 'network' ? 0 : 1);
  return [...changes].sort((a, b) => rank(a) - rank(b));
}

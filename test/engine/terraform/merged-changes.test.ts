import { describe, expect, it } from 'vitest';
import { difference } from '../../../lab/engine/difference.ts';
import type { Comparison } from '../../../lab/engine/docker/compare-stack.ts';
import { parseStack } from '../../../lab/engine/stack-file.ts';
import { mergedChanges } from '../../../lab/engine/terraform/merged-changes.ts';
import { idsInState, inTheWay } from '../../../lab/engine/terraform/state.ts';
import { synthesized } from '../../stack/synthesized.ts';
import { asBuilt, imagesOf } from '../docker/as-built.ts';

const desired = parseStack(synthesized());

/** The lab as built, after `edit` has changed it. */
function compared(edit: (observed: ReturnType<typeof asBuilt>) => void = () => {}): Comparison {
  const observed = asBuilt(desired);
  edit(observed);
  return { desired, difference: difference(desired, observed, imagesOf(desired)), missingImages: [] };
}

const all = new Set([...desired.networks, ...desired.containers].map(({ name }) => `id-${name}`));
const without = (...names: string[]) => new Set([...all].filter((id) => !names.includes(id.slice(3))));

/** Terraform's plan, which also lists what it keeps. */
function plan(...changes: { name: string; before?: object; after?: object }[]): string {
  return JSON.stringify({
    resource_changes: [
      {
        type: 'docker_network',
        change: { actions: ['no-op'], before: { name: 'ftplab-y' }, after: { name: 'ftplab-y' } },
      },
      ...changes.map(({ name, before, after }) => ({
        type: 'docker_container',
        change: {
          actions: [before ? (after ? 'update' : 'delete') : 'create'],
          before: before ? { name, ...before } : null,
          after: after ? { name, ...after } : null,
        },
      })),
    ],
  });
}

describe('mergedChanges', () => {
  it('is empty if neither finds a change', () => {
    expect(mergedChanges(compared(), all, plan())).toEqual([]);
  });

  it('reports once, in words of the lab, what both the lab and Terraform find', () => {
    const stopped = compared((lab) => {
      lab.containers = lab.containers.map((container) =>
        container.name === 'ftplab-vsftpd' ? { ...container, running: false, state: 'exited' } : container,
      );
    });
    const terraforms = plan({
      name: 'ftplab-vsftpd',
      before: { must_run: false },
      after: { must_run: true },
    });
    expect(mergedChanges(stopped, all, terraforms)).toEqual([
      { action: 'change', kind: 'host', name: 'ftplab-vsftpd', because: ['it is exited'] },
    ]);
  });

  it('reports what only Terraform finds', () => {
    const terraforms = plan(
      { name: 'ftplab-old', before: {} },
      { name: 'ftplab-vsftpd', before: { shm_size: 64, user: '' }, after: { shm_size: 128, user: null } },
    );
    expect(mergedChanges(compared(), all, terraforms)).toEqual([
      { action: 'change', kind: 'host', name: 'ftplab-vsftpd', because: ['shm size'] },
      { action: 'remove', kind: 'host', name: 'ftplab-old', because: [] },
    ]);
  });

  it('replaces everything that Terraform did not create', () => {
    const changes = mergedChanges(compared(), new Set(), plan({ name: 'ftplab-vsftpd', after: {} }));
    expect(changes).toHaveLength(all.size);
    expect(new Set(changes.map(({ action, because }) => `${action}: ${because}`))).toEqual(
      new Set(['change: Terraform did not create it']),
    );
  });

  it('also replaces the containers of such a network', () => {
    const changes = mergedChanges(compared(), without('ftplab-x'), plan());
    expect(changes.map(({ kind, name, because }) => [kind, name, because.join()])).toEqual([
      ['network', 'ftplab-x', 'Terraform did not create it'],
      ['host', 'ftplab-isa-x', 'its network is replaced'],
      ['host', 'ftplab-x-workstation', 'its network is replaced'],
    ]);
    const { networks, containers } = inTheWay(compared(), without('ftplab-x'));
    expect([...networks, ...containers].map(({ name }) => name)).toEqual(changes.map(({ name }) => name));
  });
});

it.each([
  ['{"format_version":"1.0"}', []],
  ['{"values":{"root_module":{}}}', []],
  [
    '{"values":{"root_module":{"resources":[{"values":{"id":"a","name":"x"}},{"values":{"id":"b"}}]}}}',
    ['a', 'b'],
  ],
])('finds in the state %s the ids %j', (json, ids) => {
  expect([...idsInState(json)]).toEqual(ids);
});

import { describe, expect, it } from 'vitest';
import {
  definitionHash,
  difference,
  type ObservedContainer,
  type ObservedLab,
  type ObservedNetwork,
} from '../../lab/engine/difference.ts';
import { type DesiredLab, parseStack } from '../../lab/engine/stack-file.ts';
import { synthesized } from '../stack/synthesized.ts';

const desired = parseStack(synthesized());
const images = new Map(desired.containers.map(({ image }) => [image, `sha256:${image}`]));

/** What Docker shows after the lab came up without trouble. */
function asBuilt(lab: DesiredLab): { networks: ObservedNetwork[]; containers: ObservedContainer[] } {
  return {
    networks: lab.networks.map((network) => ({
      id: `id-${network.name}`,
      name: network.name,
      labels: { ...network.labels, 'isa-ftp-lab.hash': definitionHash(network) },
    })),
    containers: lab.containers.map((container) => ({
      id: `id-${container.name}`,
      name: container.name,
      imageId: `sha256:${container.image}`,
      running: true,
      state: 'running',
      networks: new Map(container.networks.map(({ name, address }) => [`id-${name}`, address])),
      labels: { ...container.labels, 'isa-ftp-lab.hash': definitionHash(container) },
    })),
  };
}

function actions(
  observed: ObservedLab,
  lab: DesiredLab = desired,
  ids: ReadonlyMap<string, string> = images,
) {
  const { networks, containers, surplus } = difference(lab, observed, ids);
  return {
    todo: Object.fromEntries(
      [...networks, ...containers]
        .filter(({ action }) => action !== 'keep')
        .map(({ desired: { name }, action }) => [name, action]),
    ),
    surplus: [...surplus.networks, ...surplus.containers].map(({ name }) => name),
  };
}

const with_ = (edit: (observed: ReturnType<typeof asBuilt>) => void) => {
  const observed = asBuilt(desired);
  edit(observed);
  return observed;
};
const vsftpd = (observed: ReturnType<typeof asBuilt>, change: Partial<ObservedContainer>) => {
  observed.containers = observed.containers.map((container) =>
    container.name === 'ftplab-vsftpd' ? { ...container, ...change } : container,
  );
};

describe('difference', () => {
  it('finds nothing to do where all is as built', () => {
    expect(actions(asBuilt(desired))).toEqual({ todo: {}, surplus: [] });
  });

  it('creates everything where there is nothing', () => {
    const { todo } = actions({ networks: [], containers: [] });
    expect(Object.keys(todo)).toHaveLength(11);
    expect(new Set(Object.values(todo))).toEqual(new Set(['create']));
  });

  it.each<[string, Partial<ObservedContainer>]>([
    ['stopped', { running: false, state: 'exited' }],
    ['another image', { imageId: 'sha256:old' }],
    ['another definition', { labels: { 'isa-ftp-lab.hash': '0' } }],
    ['another address', { networks: new Map([['id-ftplab-external', '198.51.100.99']]) }],
    ['no network', { networks: new Map() }],
    [
      'a network too many',
      {
        networks: new Map([
          ['id-ftplab-external', '198.51.100.21'],
          ['id-bridge', '172.17.0.2'],
        ]),
      },
    ],
  ])('replaces a container with %s, and it alone', (_what, change) => {
    expect(actions(with_((observed) => vsftpd(observed, change)))).toEqual({
      todo: { 'ftplab-vsftpd': 'change' },
      surplus: [],
    });
  });

  it('creates a container that was removed by hand, and it alone', () => {
    const observed = with_((lab) => {
      lab.containers = lab.containers.filter(({ name }) => name !== 'ftplab-isa-y');
    });
    expect(actions(observed).todo).toEqual({ 'ftplab-isa-y': 'create' });
  });

  it('replaces the containers of a network that it replaces', () => {
    const observed = with_((lab) => {
      lab.networks = lab.networks.map((network) =>
        network.name === 'ftplab-x' ? { ...network, labels: {} } : network,
      );
    });
    expect(actions(observed).todo).toEqual({
      'ftplab-x': 'change',
      'ftplab-isa-x': 'change',
      'ftplab-x-workstation': 'change',
    });
  });

  it('replaces two networks of one name by one', () => {
    const observed = with_((lab) => {
      lab.networks = lab.networks.flatMap((network) =>
        network.name === 'ftplab-y' ? [network, { ...network, id: 'twin' }] : [network],
      );
    });
    const [y] = difference(desired, observed, images).networks.filter(({ action }) => action === 'change');
    expect(y?.remove.map(({ id }) => id)).toEqual(['id-ftplab-y', 'twin']);
  });

  it('removes what has left the stack', () => {
    const smaller = {
      ...desired,
      containers: desired.containers.filter(({ name }) => name !== 'ftplab-proftpd'),
    };
    expect(actions(asBuilt(desired), smaller)).toEqual({ todo: {}, surplus: ['ftplab-proftpd'] });
  });
});

it('hashes a definition whatever the order of its keys', () => {
  const [network] = desired.networks;
  if (network === undefined) throw new Error('no network');
  expect(definitionHash(Object.fromEntries(Object.entries(network).reverse()) as typeof network)).toBe(
    definitionHash(network),
  );
  expect(definitionHash({ ...network, internal: true })).not.toBe(definitionHash(network));
});

import { describe, expect, it } from 'vitest';
import {
  difference,
  type ImageFacts,
  type ObservedContainer,
  type ObservedLab,
} from '../../lab/engine/difference.ts';
import { type DesiredLab, parseStack } from '../../lab/engine/stack-file.ts';
import { synthesized } from '../stack/synthesized.ts';
import { asBuilt, imagesOf } from './docker/as-built.ts';

const desired = parseStack(synthesized());
const images = imagesOf(desired);

function actions(
  observed: ObservedLab,
  lab: DesiredLab = desired,
  ids: ReadonlyMap<string, ImageFacts> = images,
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
  it('finds nothing to do if all is as built', () => {
    expect(actions(asBuilt(desired))).toEqual({ todo: {}, surplus: [] });
  });

  it('creates everything if there is nothing', () => {
    const { todo } = actions({ networks: [], containers: [] });
    expect(Object.keys(todo)).toHaveLength(12);
    expect(new Set(Object.values(todo))).toEqual(new Set(['create']));
  });

  const server = asBuilt(desired).containers.find(({ name }) => name === 'ftplab-vsftpd')?.definition;
  if (server === undefined) throw new Error('no vsftpd');
  const defined = (change: Partial<typeof server>) => ({ definition: { ...server, ...change } });
  it.each<[because: string, what: string, Partial<ObservedContainer>]>([
    ['it is exited', 'stopped', { running: false, state: 'exited' }],
    ['image', 'from another image', { imageId: 'sha256:old' }],
    ['networks', 'at another address', { networks: new Map([['id-ftplab-external', '198.51.100.99']]) }],
    ['networks', 'in no network', { networks: new Map() }],
    ['hostname', 'of another name', defined({ hostname: 'iis' })],
    ['init', 'without an init', defined({ init: false })],
    ['restart', 'that restarts', defined({ restart: 'always' })],
    [
      'capabilities',
      'that may more',
      defined({ capabilities: { ...server.capabilities, add: ['NET_ADMIN', 'NET_RAW'] } }),
    ],
    [
      'dropped capabilities',
      'that may less',
      defined({ capabilities: { ...server.capabilities, drop: ['CHOWN'] } }),
    ],
    ['read-only files', 'that may write', defined({ readOnly: false })],
    ['folders in memory', 'with one less', defined({ tmpfs: {} })],
    ['memory', 'that may have any', defined({ memory: null })],
    ['resolvers', 'with a resolver', defined({ dns: ['192.0.2.1'] })],
    ['sysctls', 'with a sysctl', defined({ sysctls: { 'net.ipv4.ip_forward': '1' } })],
    ['environment', 'with another route', defined({ env: ['PATH=/bin', 'LAB_ROUTES='] })],
    ['environment', 'with a variable too many', defined({ env: [...server.env, 'DEBUG=1'] })],
    ['hosts', 'that knows another host', defined({ hosts: [{ host: 'iis', ip: '198.51.100.22' }] })],
    ['log', 'with another log', defined({ log: { driver: 'journald', options: {} } })],
    ['labels', 'with a label too few', defined({ labels: { 'isa-ftp-lab.lab': 'ftplab' } })],
    [
      'networks',
      'in a network too many',
      {
        networks: new Map([
          ['id-ftplab-external', '198.51.100.21'],
          ['id-bridge', '172.17.0.2'],
        ]),
      },
    ],
  ])('for its %s replaces a container %s, and it alone', (because, _what, change) => {
    const observed = with_((lab) => vsftpd(lab, change));
    expect(actions(observed)).toEqual({ todo: { 'ftplab-vsftpd': 'change' }, surplus: [] });
    const steps = difference(desired, observed, images).containers;
    expect(steps.find(({ action }) => action === 'change')?.because).toEqual([because]);
  });

  it.each<[string, Partial<ObservedContainer>]>([
    [
      'capabilities by their other names',
      defined({
        capabilities: {
          add: ['NET_ADMIN'],
          drop: server.capabilities.drop.map((name) => name.replace('CAP_', '')),
        },
      }),
    ],
    ['environment in another order', defined({ env: [...server.env].reverse() })],
    // It is set without replacing the container.
    ['processes not limited', defined({ processes: null })],
    ['hosts in another order', defined({ hosts: [...server.hosts].reverse() })],
  ])('leaves a container alone that has its %s', (_what, change) => {
    expect(actions(with_((lab) => vsftpd(lab, change)))).toEqual({ todo: {}, surplus: [] });
  });

  it('creates only the container that was removed by hand', () => {
    const observed = with_((lab) => {
      lab.containers = lab.containers.filter(({ name }) => name !== 'ftplab-isa-y');
    });
    expect(actions(observed).todo).toEqual({ 'ftplab-isa-y': 'create' });
  });

  it('replaces the containers of a network that it replaces', () => {
    const observed = with_((lab) => {
      lab.networks = lab.networks.map((network) =>
        network.name === 'ftplab-x'
          ? { ...network, definition: { ...network.definition, options: {} } }
          : network,
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

  it('removes what is no longer in the stack', () => {
    const smaller = {
      ...desired,
      containers: desired.containers.filter(({ name }) => name !== 'ftplab-proftpd'),
    };
    expect(actions(asBuilt(desired), smaller)).toEqual({ todo: {}, surplus: ['ftplab-proftpd'] });
  });
});

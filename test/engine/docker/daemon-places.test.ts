import { expect, test } from 'vitest';
import { daemonPlaces } from '../../../lab/engine/docker/daemon-places.ts';

test('looks for the system engine, rootless Docker and Docker Desktop, in this order', () => {
  const places = daemonPlaces({ HOME: '/home/ada', XDG_RUNTIME_DIR: '/run/user/1000' }, 1000);
  expect(places.map(({ name }) => name)).toEqual([
    '/var/run/docker.sock',
    '/run/user/1000/docker.sock',
    '/home/ada/.docker/run/docker.sock',
    '/home/ada/.docker/desktop/docker.sock',
  ]);
});

test.each([
  ['unix:///tmp/d.sock', { via: 'unix', path: '/tmp/d.sock' }],
  ['tcp://10.0.0.1:2375', { via: 'tcp', host: '10.0.0.1', port: 2375, tls: null }],
  ['tcp://lab.example', { via: 'tcp', host: 'lab.example', port: 2375, tls: null }],
  ['ssh://lab.example', { via: 'ssh', destination: 'ssh://lab.example', path: '/var/run/docker.sock' }],
  [
    'ssh://ada@lab.example:2222/run/user/1000/docker.sock',
    { via: 'ssh', destination: 'ssh://ada@lab.example:2222', path: '/run/user/1000/docker.sock' },
  ],
])('%s', (value, address) => {
  expect(daemonPlaces({ DOCKER_HOST: value }, 0)).toEqual([{ name: `DOCKER_HOST=${value}`, address }]);
});

test.each(['nonsense', 'ftp://lab.example', 'tcp://'])('refuses DOCKER_HOST=%s', (value) => {
  expect(() => daemonPlaces({ DOCKER_HOST: value }, 0)).toThrow(
    expect.objectContaining({ code: 'docker-host-malformed', message: expect.stringContaining(value) }),
  );
});

test('says which certificate is missing', () => {
  const env = { DOCKER_HOST: 'tcp://lab.example:2376', DOCKER_CERT_PATH: '/nowhere' };
  expect(() => daemonPlaces(env, 0)).toThrow(/\/nowhere\/ca\.pem/);
});

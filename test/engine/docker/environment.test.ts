import { expect, it } from 'vitest';
import { type Address, environmentOf } from '../../../lab/engine/docker/connection.ts';

const tls = { ca: 'A', cert: 'B', key: 'C', folder: '/certs' };
it.each<[Address, Record<string, string>]>([
  [
    { via: 'unix', path: '/run/d.sock' },
    { DOCKER_HOST: 'unix:///run/d.sock', DOCKER_CERT_PATH: '' },
  ],
  [
    { via: 'tcp', host: 'lab', port: 2375, tls: null },
    { DOCKER_HOST: 'tcp://lab:2375', DOCKER_CERT_PATH: '', DOCKER_TLS_VERIFY: '' },
  ],
  [
    { via: 'tcp', host: 'lab', port: 2376, tls },
    { DOCKER_HOST: 'tcp://lab:2376', DOCKER_CERT_PATH: '/certs', DOCKER_TLS_VERIFY: '1' },
  ],
])('leads other programs to %j', (address, environment) => {
  expect(environmentOf(address)).toMatchObject(environment);
});

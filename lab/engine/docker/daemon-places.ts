import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import type { Address } from './connection.ts';
import type { RemoteSocket } from './ssh-tunnel.ts';

/** A place where an engine may listen. */
export interface DaemonPlace {
  /** For people: a path, or `DOCKER_HOST=...`. */
  readonly name: string;
  readonly address: Address | ({ readonly via: 'ssh' } & RemoteSocket);
}

const systemSocket = '/var/run/docker.sock';

/** Port of the Docker API, without and with TLS (dockerd(8), "Daemon socket option"). */
const plainPort = 2375;
const tlsPort = 2376;

/**
 * Where to look for an engine, in this order: `DOCKER_HOST` and nothing else if it is set; otherwise the system's
 * socket, rootless Docker, Docker Desktop. Throws LabError `docker-host-malformed`.
 */
export function daemonPlaces(env: NodeJS.ProcessEnv, uid: number): DaemonPlace[] {
  if (env.DOCKER_HOST) return [{ name: `DOCKER_HOST=${env.DOCKER_HOST}`, address: fromDockerHost(env) }];
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${uid}`;
  return [
    systemSocket,
    join(runtime, 'docker.sock'),
    ...(env.HOME
      ? [join(env.HOME, '.docker/run/docker.sock'), join(env.HOME, '.docker/desktop/docker.sock')]
      : []),
  ].map((path) => ({ name: path, address: { via: 'unix', path } }));
}

/**
 * `unix://`, `tcp://` (with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`) and `ssh://`, as the docker CLI reads them. An
 * `ssh://` one may end with the path of the socket on that machine.
 */
function fromDockerHost(env: NodeJS.ProcessEnv): DaemonPlace['address'] {
  const value = env.DOCKER_HOST ?? '';
  if (value.startsWith('unix://')) return { via: 'unix', path: value.slice('unix://'.length) };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'ssh:' && url.hostname)
    return {
      via: 'ssh',
      destination: value.slice(0, value.length - url.pathname.length),
      path: url.pathname.length > 1 ? url.pathname : systemSocket,
    };
  if (url && ['tcp:', 'http:', 'https:'].includes(url.protocol) && url.hostname) {
    const secure =
      Boolean(env.DOCKER_TLS_VERIFY) || url.protocol === 'https:' || url.port === String(tlsPort);
    return {
      via: 'tcp',
      host: url.hostname,
      port: Number(url.port || (secure ? tlsPort : plainPort)),
      tls: secure ? certificates(env) : null,
    };
  }
  throw new LabError(
    'environment',
    'docker-host-malformed',
    `DOCKER_HOST is "${value}", which does not name an engine`,
    'Use unix:///path/to/docker.sock, tcp://host:port or ssh://user@host, or unset it.',
  );
}

function certificates(env: NodeJS.ProcessEnv): { ca: string; cert: string; key: string; folder: string } {
  const folder = env.DOCKER_CERT_PATH || join(env.HOME ?? '/', '.docker');
  try {
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem'), folder };
  } catch (error) {
    throw new LabError(
      'environment',
      'docker-host-malformed',
      `DOCKER_HOST asks for TLS, but ${(error as Error).message}`,
      'Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem.',
      { cause: error },
    );
  }
}

import { userInfo } from 'node:os';
import { LabError } from '../../errors.ts';
import { type Address, connectTo, type Docker, environmentOf, versionOf } from './connection.ts';
import { type DaemonPlace, daemonPlaces } from './daemon-places.ts';
import { openTunnel } from './ssh-tunnel.ts';

/** An engine that has answered. */
export interface Daemon {
  readonly docker: Docker;
  /** How it was found, for people: a socket's path, or `DOCKER_HOST=...`. */
  readonly socket: string;
  /** Environment variables that lead other programs to it. */
  readonly environment: Record<string, string>;
  /** Whether it runs on this machine, as far as its address tells: reached by a Unix socket. */
  readonly local: boolean;
  readonly version: string;
  /** Highest version of the Docker Engine API that it speaks, such as `1.41`. */
  readonly apiVersion: string;
}

/** How long a place may take to answer, in milliseconds. */
const usualDeadlines = { local: 2_000, remote: 10_000 };

/**
 * The first engine that answers, in the order of {@link daemonPlaces}. Throws LabError `no-engine` with each place and
 * why it is not one, `engine-not-permitted` if this user may not use one that is there, or `docker-host-unreachable`:
 * a DOCKER_HOST that is set is not passed over.
 */
export async function findDaemon(env: NodeJS.ProcessEnv = process.env): Promise<Daemon> {
  const places = daemonPlaces(env, process.getuid?.() ?? 0);
  return firstAnswering(places, Boolean(env.DOCKER_HOST));
}

/** {@link findDaemon} over given places, with deadlines in milliseconds; `chosen` tells that the user named the place. */
export async function firstAnswering(
  places: readonly DaemonPlace[],
  chosen: boolean,
  deadlines = usualDeadlines,
): Promise<Daemon> {
  const failures: { place: DaemonPlace; reason: Reason }[] = [];
  for (const place of places) {
    try {
      return await ask(place, deadlines);
    } catch (error) {
      failures.push({ place, reason: reasonOf(error, place) });
    }
  }
  const list = failures.map(({ place, reason }) => `${place.name}: ${reason.text}`);
  const forbidden = failures.find(({ reason }) => reason.forbidden);
  if (chosen)
    throw new LabError(
      'environment',
      'docker-host-unreachable',
      `No Docker engine answers at ${list.join('; ')}`,
      forbidden
        ? permissionHint
        : list.some((line) => line.includes(podman))
          ? 'Use --engine namespaces, which needs no engine.'
          : 'Start that engine, or unset DOCKER_HOST to use the one of this machine.',
    );
  if (forbidden)
    throw new LabError(
      'environment',
      'engine-not-permitted',
      `User ${userInfo().username} may not use the Docker engine at ${forbidden.place.name}`,
      permissionHint,
    );
  throw new LabError(
    'environment',
    'no-engine',
    `No Docker engine answers:\n${list.map((line) => `  ${line}`).join('\n')}`,
    'As root on Debian or Ubuntu, "ftplab doctor --fix" installs and starts one; elsewhere install Docker or set DOCKER_HOST.',
  );
}

/** It has Docker's interface, but cannot build on the lab's own base image, and every cell timed out on it (docs/tested.md). */
const podman = 'Podman';

const permissionHint =
  'Run as root, or join the group that owns the socket ("sudo usermod -aG docker $USER", then log in again).';

async function ask(place: DaemonPlace, { local: near, remote }: typeof usualDeadlines): Promise<Daemon> {
  const local = place.address.via === 'unix';
  const deadline = new AbortController();
  const late = () => deadline.abort(new DOMException('no answer in time', 'TimeoutError'));
  // AbortSignal.timeout would keep this process from ending until then.
  const timer = setTimeout(late, local ? near : remote);
  try {
    return await answerOf(place, local, deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(place: DaemonPlace, local: boolean, deadline: AbortSignal): Promise<Daemon> {
  const address: Address =
    place.address.via === 'ssh'
      ? { via: 'unix', path: await openTunnel(place.address, deadline) }
      : place.address;
  const docker = connectTo(address);
  const version = await versionOf(docker, deadline);
  if (typeof version.Version !== 'string' || typeof version.ApiVersion !== 'string')
    throw new Error('what answers is not a Docker engine');
  if (version.Components?.some(({ Name }) => /podman/i.test(Name)))
    throw new Error(`${podman} ${version.Version} answers; the lab runs on Docker engines, and without one`);
  return {
    docker,
    socket: place.name,
    environment: environmentOf(address),
    local,
    version: version.Version,
    apiVersion: version.ApiVersion,
  };
}

interface Reason {
  readonly text: string;
  readonly forbidden: boolean;
}

function reasonOf(error: unknown, { address }: DaemonPlace): Reason {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  const text = (what: string): Reason => ({ text: what, forbidden: false });
  if (name === 'TimeoutError' || name === 'AbortError') return text('does not answer in time');
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return text('is not there');
    case 'EACCES':
    case 'EPERM':
      return { text: 'permission denied', forbidden: address.via === 'unix' };
    case 'ECONNREFUSED':
      return text(address.via === 'unix' ? 'nobody listens (a leftover socket)' : 'connection refused');
    default:
      return text(message?.trim() || String(error));
  }
}

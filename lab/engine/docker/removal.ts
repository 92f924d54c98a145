import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../errors.ts';
import type { Daemon } from './find-daemon.ts';
import { Turns } from './turns.ts';

/** Containers and networks by Docker's ids. A container tells its networks by id or by name. */
export interface Resources {
  readonly containers: { readonly id: string; readonly networks: readonly string[] }[];
  readonly networks: { readonly id: string; readonly name: string }[];
}

/** An observed container as {@link remove} takes it. */
export function removable({
  id,
  networks,
}: {
  readonly id: string;
  readonly networks: ReadonlyMap<string, string>;
}): Resources['containers'][number] {
  return { id, networks: [...networks.keys()] };
}

/**
 * Removes containers, killing what runs, and each network as soon as its containers are gone. Containers leave a network
 * in {@link Turns}; all else is done in parallel. What is gone or about to go is fine. Throws LabError `not-removed` after
 * everything was tried.
 */
export async function remove(daemon: Daemon, { containers, networks }: Resources): Promise<void> {
  const turns = new Turns();
  const key = (network: string) =>
    networks.find(({ id, name }) => id === network || name === network)?.id ?? network;
  // Those in several networks take longest, so they go first.
  const ordered = [...containers].sort((a, b) => b.networks.length - a.networks.length);
  const tasks = ordered.map(({ id, networks }) =>
    turns.take(networks.map(key), () =>
      removed(`container ${id.slice(0, 12)}`, () =>
        daemon.docker.getContainer(id).remove({ force: true, v: true }),
      ),
    ),
  );
  for (const { id, name } of networks)
    tasks.push(
      turns.take([id], () => removed(`network ${name}`, () => daemon.docker.getNetwork(id).remove())),
    );
  const failed = (await Promise.allSettled(tasks)).find((task) => task.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

const patienceMs = 5000;

/**
 * Retries while Docker says that the thing is still in use (403: a network with endpoints) or is being removed by
 * another call (409), since it then disappears by itself; 404 means that it is gone.
 */
async function removed(what: string, remove: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return;
      if ((status === 403 || status === 409) && Date.now() < deadline) {
        await delay(50);
        continue;
      }
      throw new LabError(
        'environment',
        'not-removed',
        `Docker could not remove ${what}: ${messageOf(error)}`,
        'Run "ftplab down" again. If a network has no container and still "has active endpoints", Docker has miscounted: restart its daemon.',
        { cause: error },
      );
    }
  }
}

/** HTTP status of an error from the Docker API, or `undefined` for another error. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** What Docker itself said, without dockerode's wrapping. */
export function messageOf(error: unknown): string {
  const said = (error as { json?: { message?: unknown } } | null)?.json?.message;
  return typeof said === 'string' ? said : error instanceof Error ? error.message : String(error);
}

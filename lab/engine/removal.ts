import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../errors.ts';
import type { Engine } from './find-engine.ts';

/** Removes containers in parallel, killing what runs. One that is gone already, or going, is fine. */
export async function removeContainers(engine: Engine, ids: Iterable<string>): Promise<void> {
  await Promise.all(
    [...ids].map((id) =>
      removed(`container ${id.slice(0, 12)}`, () =>
        engine.docker.getContainer(id).remove({ force: true, v: true }),
      ),
    ),
  );
}

/** Removes networks in parallel. Their containers must be gone or going; one that is gone already is fine. */
export async function removeNetworks(engine: Engine, ids: Iterable<string>): Promise<void> {
  await Promise.all(
    [...ids].map((id) => removed(`network ${id.slice(0, 12)}`, () => engine.docker.getNetwork(id).remove())),
  );
}

const patienceMs = 5000;

/**
 * Retries while Docker says that the thing is still in use (403: a network with endpoints) or is being removed by
 * another call (409), since it then goes by itself; 404 is what we want.
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
        'Run "ftplab down" again; a container of your own on that network keeps it from going.',
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

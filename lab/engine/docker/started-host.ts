import { setTimeout as delay } from 'node:timers/promises';
import type { StartedHost } from '../ready.ts';
import type { DesiredContainer } from '../stack-file.ts';
import type { Daemon } from './find-daemon.ts';
import { readLog, runExec } from './streams.ts';

/** A started container, as readiness is asked of it. `id` may be its name. */
export function startedHost(daemon: Daemon, id: string, desired: DesiredContainer): StartedHost {
  return {
    desired,
    run: (command, signal) => runExec(daemon, id, command, signal),
    lastWords: () => lastWords(daemon, id),
    byHand: `docker run --rm -it --entrypoint bash ${desired.image}`,
  };
}

/**
 * Status and last output of a container that has exited, or `undefined` for one that runs. A check that its container's
 * end cuts short may return before Docker knows of that end, so this waits up to a second.
 */
async function lastWords(daemon: Daemon, id: string): Promise<string | undefined> {
  try {
    for (let tries = 0; tries < 10; tries++) {
      const { State } = await daemon.docker.getContainer(id).inspect();
      if (!State.Running) {
        const log = await readLog(daemon, id, { tail: 5 });
        const words = log.length === 0 ? 'its log is empty' : `its last words: ${log.join(' | ')}`;
        return `it exited with status ${State.ExitCode}; ${words}`;
      }
      await delay(100);
    }
  } catch {
    return 'it was removed meanwhile';
  }
  return undefined;
}

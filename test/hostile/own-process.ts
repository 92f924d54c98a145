/** Has `diagnose` try a server in a process of its own, as the command does, so that its memory can be told. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TransferMode } from '../../lab/model/attempt.ts';
import type { Behaviour } from './behaviour.ts';
import { HostileServer } from './server.ts';
import { type Tried, tryServer } from './try-behaviour.ts';

interface Order {
  readonly port: number;
  readonly mode?: TransferMode;
  readonly patienceMs: number;
}

/** What came of it, and how much memory the process took at most (resident set), in bytes. */
export interface TriedInOwnProcess extends Tried {
  readonly peak: number;
}

/** Throws an Error if the process dies. */
export async function tryInOwnProcess(behaviour: Behaviour, patienceMs: number): Promise<TriedInOwnProcess> {
  await using server = await HostileServer.start(behaviour, patienceMs / 5);
  const child = fork(import.meta.filename, { execArgv: process.execArgv, serialization: 'advanced' });
  let tried: TriedInOwnProcess | undefined;
  child.on('message', (message: TriedInOwnProcess) => {
    tried = message;
  });
  const order: Order = {
    port: server.port,
    patienceMs,
    ...(behaviour.mode && { mode: behaviour.mode }),
  };
  child.send(order);
  const [status, signal] = await once(child, 'exit');
  if (!tried || status !== 0)
    throw new Error(`${behaviour.name}: the process ended with ${signal ?? status}`);
  return tried;
}

if (process.argv[1] === import.meta.filename)
  process.once('message', async ({ port, mode, patienceMs }: Order) => {
    const tried = await tryServer(port, mode, patienceMs);
    // What goes on after the answer counts as well.
    process.send?.(
      { ...tried, peak: process.resourceUsage().maxRSS * 1024 } satisfies TriedInOwnProcess,
      () => process.disconnect(),
    );
  });

/**
 * Has `diagnose` try a server in a process of its own, as the command does, so that its memory can be told; the server has one too,
 * so that one that floods holds up no other.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { TransferMode } from '../../lab/model/attempt.ts';
import type { Behaviour } from './behaviour.ts';
import { behaviours } from './behaviours.ts';
import { HostileServer } from './server.ts';
import { type Tried, tryServer } from './try-behaviour.ts';

type Order =
  | { readonly serve: string; readonly tickMs: number }
  | { readonly port: number; readonly mode?: TransferMode; readonly patienceMs: number };

/** What came of it, and how much memory the process took at most (resident set), in bytes. */
export interface TriedInOwnProcess extends Tried {
  readonly peak: number;
}

/** Throws an Error if a process dies. */
export async function tryInOwnProcess(behaviour: Behaviour, patienceMs: number): Promise<TriedInOwnProcess> {
  const { name, mode } = behaviour;
  const server = start({ serve: name, tickMs: patienceMs / 5 });
  try {
    const port = await answerOf<number>(server, name);
    const order = { port, patienceMs, ...(mode && { mode }) };
    const client = start(order);
    const ended = once(client, 'exit');
    const tried = await answerOf<TriedInOwnProcess>(client, name);
    const [status] = await ended;
    if (status !== 0) throw new Error(`${name}: after its answer, the process ended with ${status}`);
    return tried;
  } finally {
    server.kill('SIGKILL');
  }
}

function start(order: Order): ChildProcess {
  const child = fork(import.meta.filename, { execArgv: process.execArgv, serialization: 'advanced' });
  child.send(order);
  return child;
}

async function answerOf<Answer>(child: ChildProcess, name: string): Promise<Answer> {
  const died = once(child, 'exit').then(([status, signal]) => {
    throw new Error(`${name}: the process ended with ${signal ?? status}`);
  });
  const [answer] = await Promise.race([once(child, 'message'), died]);
  died.catch(() => undefined);
  return answer as Answer;
}

if (process.argv[1] === import.meta.filename)
  process.once('message', async (order: Order) => {
    if ('serve' in order) {
      const behaviour = behaviours.find(({ name }) => name === order.serve);
      if (!behaviour) throw new Error(`No server behaves like this: ${order.serve}`);
      process.send?.((await HostileServer.start(behaviour, order.tickMs)).port);
      return;
    }
    const tried = await tryServer(order.port, order.mode, order.patienceMs);
    const peak = process.resourceUsage().maxRSS * 1024;
    process.send?.({ ...tried, peak } satisfies TriedInOwnProcess, () => process.disconnect());
  });

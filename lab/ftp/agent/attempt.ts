import { createHash, randomBytes } from 'node:crypto';
import {
  type AttemptOrder,
  type AttemptReport,
  type ConnectionAttempt,
  type Endpoint,
  type ObservedStep,
  type StepName,
  stepNames,
  uploadName,
} from '../attempt.ts';
import { openSession } from './drivers.ts';
import type { FtpSession } from './ftp-session.ts';

export interface RunningAttempt {
  readonly report: Promise<AttemptReport>;
  stopWaiting(destination: Endpoint): void;
}

/** Starts an attempt; `announce` is called as each connection attempt's SYN leaves or is asked for. */
export function makeAttempt(
  order: AttemptOrder,
  announce: (connection: ConnectionAttempt) => void,
): RunningAttempt {
  const start = performance.now();
  const now = () => round(performance.now() - start);
  const session = openSession(order, announce, now);
  return {
    report: run(session, order).then((steps) => ({ steps, transcript: session.transcript, ms: now() })),
    stopWaiting: (destination) => session.stopWaiting(destination),
  };
}

async function run(session: FtpSession, order: AttemptOrder): Promise<ObservedStep[]> {
  const steps: ObservedStep[] = [];
  /** Tries one step; a store says which file it leaves on the server. Returns whether it succeeded. */
  const attempt = async (
    name: StepName,
    action: () => Promise<string>,
    stored: ObservedStep['stored'] = null,
  ): Promise<boolean> => {
    const start = performance.now();
    session.begin(name);
    const done = (rest: Pick<ObservedStep, 'outcome' | 'reply' | 'code' | 'failure' | 'stored'>) => {
      const { connection, program } = session;
      steps.push({ name, ms: round(performance.now() - start), connection, program, ...rest });
    };
    try {
      const reply = await action();
      done({ outcome: 'ok', reply: firstLine(reply), code: replyCode(reply), failure: null, stored });
      return true;
    } catch (error) {
      const reply = firstLine(error instanceof Error ? error.message : String(error));
      done({ outcome: 'failed', reply, stored: null, ...session.failureOf(error) });
      return false;
    }
  };

  const store = (name: 'store-small' | 'store-large', bytes: number) => {
    const content = randomBytes(bytes);
    const file = uploadName(order.id, name);
    return attempt(name, () => session.store(file, content), { file, sha256: sha256(content) });
  };

  const loggedIn =
    (await attempt('connect', () => session.connect())) && (await attempt('login', () => session.login()));
  if (loggedIn) {
    await attempt('list', () => session.list());
    await store('store-small', order.smallBytes);
    await store('store-large', order.largeBytes);
    await attempt('retrieve', () => session.retrieve(order.retrieveFile, order.retrieveBytes));
  }
  session.close();
  return withSkipped(steps);
}

/** Steps that were not tried, since nobody was logged in, are reported as skipped. */
function withSkipped(steps: readonly ObservedStep[]): ObservedStep[] {
  const skipped = {
    outcome: 'skipped',
    reply: '',
    ms: 0,
    code: null,
    failure: null,
    connection: null,
    stored: null,
    program: null,
  };
  return stepNames.map(
    (name) => steps.find((step) => step.name === name) ?? ({ name, ...skipped } as ObservedStep),
  );
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function firstLine(text: string): string {
  return text.split(/\r?\n/)[0] ?? '';
}

function replyCode(reply: string): number | null {
  const code = Number(reply.slice(0, 3));
  return Number.isInteger(code) && code >= 100 ? code : null;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

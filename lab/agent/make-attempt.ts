import { createHash, randomBytes, randomInt } from 'node:crypto';
import { toTenths } from '../duration.ts';
import {
  type AnnouncedConnection,
  type AttemptReport,
  type ConnectionAttempt,
  type ObservedStep,
  type StepName,
  stepNames,
  type TranscriptLine,
} from '../model/attempt.ts';
import type { FtpSession } from './ftp/ftp-session.ts';
import { openSession } from './open-session.ts';
import { type AttemptOrder, uploadName } from './protocol.ts';

export interface RunningAttempt {
  readonly report: Promise<AttemptReport>;
  /** What was said so far. */
  readonly transcript: readonly TranscriptLine[];
  /** Ends the wait for a connection, by its place among those announced, from 0. */
  stopWaiting(place: number, stands: boolean): void;
}

/**
 * Starts an attempt; `announce` is called as each connection attempt's SYN leaves or is asked for. When the signal aborts,
 * the session is closed and the report rejects with the signal's reason.
 */
export function makeAttempt(
  order: AttemptOrder,
  announce: (connection: AnnouncedConnection) => void,
  signal?: AbortSignal,
): RunningAttempt {
  const start = performance.now();
  const now = () => toTenths(performance.now() - start);
  const startedAt = new Date().toISOString();
  const announced: ConnectionAttempt[] = [];
  const announceOne = (connection: ConnectionAttempt) => {
    announced.push(connection);
    announce({ ...connection, ms: now() });
  };
  const session = openSession(order, announceOne, now);
  const close = () => session.close();
  signal?.addEventListener('abort', close);
  return {
    report: run(session, order, now, signal)
      .then((steps) => ({ startedAt, steps, transcript: session.transcript, ms: now() }))
      .finally(() => signal?.removeEventListener('abort', close)),
    transcript: session.transcript,
    stopWaiting(place, stands) {
      const connection = announced[place];
      if (connection) session.stopWaiting(connection, stands);
    },
  };
}

async function run(
  session: FtpSession,
  order: AttemptOrder,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<ObservedStep[]> {
  const steps: ObservedStep[] = [];
  /** Tries one step; a store says which file it is to leave on the server. Returns whether it succeeded. */
  const attempt = async (
    name: StepName,
    action: () => Promise<string>,
    stored: ObservedStep['stored'] = null,
  ): Promise<boolean> => {
    signal?.throwIfAborted();
    if (order.until !== undefined && steps.at(-1)?.name === order.until) return false;
    const at = now();
    session.begin(name);
    const done = (rest: Pick<ObservedStep, 'outcome' | 'reply' | 'code' | 'failure'>) => {
      const { connection, program } = session;
      steps.push({ name, at, ms: toTenths(now() - at), connection, program, stored, ...rest });
    };
    try {
      const reply = await action();
      done({ outcome: 'ok', reply: firstLine(reply), code: replyCode(reply), failure: null });
      return true;
    } catch (error) {
      // An interrupted attempt fails too, which says nothing about the network.
      signal?.throwIfAborted();
      const { failure, code, message } = session.failureOf(error);
      done({ outcome: 'failed', reply: firstLine(message), failure, code });
      return false;
    }
  };

  const store = (name: 'store-small' | 'store-large', bytes: number) => {
    const content = contentOf(bytes);
    const file = uploadName(order.id, name);
    return attempt(name, () => session.store(file, content), { file, sha256: sha256(content), bytes });
  };

  const loggedIn =
    (await attempt('connect', () => session.connect())) && (await attempt('login', () => session.login()));
  if (loggedIn) {
    await attempt('list', () => session.list());
    await store('store-small', order.smallBytes);
    await store('store-large', order.largeBytes);
    const wanted = fileToRetrieve(order, steps);
    if (wanted) await attempt('retrieve', () => session.retrieve(wanted.file, wanted.bytes));
  }
  session.close();
  return withSkipped(steps);
}

/** What the retrieve step fetches; `undefined` if it should be the attempt's own upload and there is none. */
function fileToRetrieve(
  { retrieveFile, retrieveBytes, smallBytes, largeBytes }: AttemptOrder,
  steps: readonly ObservedStep[],
): { readonly file: string; readonly bytes: number } | undefined {
  if (retrieveFile !== null) return { file: retrieveFile, bytes: retrieveBytes };
  const own = steps.findLast(({ outcome, stored }) => outcome === 'ok' && stored !== null);
  return own?.stored
    ? { file: own.stored.file, bytes: own.name === 'store-large' ? largeBytes : smallBytes }
    : undefined;
}

/** Steps that were not tried, since nobody was logged in or there was nothing to retrieve, are reported as skipped. */
function withSkipped(steps: readonly ObservedStep[]): ObservedStep[] {
  const skipped = {
    outcome: 'skipped',
    reply: '',
    at: 0,
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

const values = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

/** Random bytes, made once: each attempt begins at another one. */
let random = Buffer.alloc(0);

/** Every byte value, so that a conversion of line ends or characters shows, then random ones. */
function contentOf(bytes: number): Buffer {
  if (random.length < 2 * bytes) random = randomBytes(2 * bytes);
  return Buffer.concat([values, random.subarray(randomInt(bytes))], bytes);
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

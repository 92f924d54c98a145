import { createHash, randomBytes } from 'node:crypto';
import { FTPError } from 'basic-ftp';
import {
  type AttemptOrder,
  type AttemptReport,
  type ConnectionAttempt,
  type Endpoint,
  type FailureKind,
  type ObservedStep,
  type StepName,
  stepNames,
  uploadName,
} from '../attempt.ts';
import { NoDataConnection } from './active-transfer.ts';
import { ContentMismatch, type Phase, Session } from './session.ts';

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
  const session = new Session(order, announce, now);
  return {
    report: run(session, order).then((steps) => ({ steps, transcript: session.transcript, ms: now() })),
    stopWaiting: (destination) => session.stopWaiting(destination),
  };
}

async function run(session: Session, order: AttemptOrder): Promise<ObservedStep[]> {
  const steps: ObservedStep[] = [];
  /** Tries one step; a store says which file it leaves on the server. Returns whether it succeeded. */
  const attempt = async (
    name: StepName,
    action: () => Promise<string>,
    stored: ObservedStep['stored'] = null,
  ): Promise<boolean> => {
    const start = performance.now();
    session.begin(name);
    const done = (rest: Pick<ObservedStep, 'outcome' | 'reply' | 'code' | 'failure' | 'stored'>) =>
      steps.push({ name, ms: round(performance.now() - start), connection: session.connection, ...rest });
    try {
      const reply = await action();
      done({ outcome: 'ok', reply: firstLine(reply), code: replyCode(reply), failure: null, stored });
      return true;
    } catch (error) {
      const failure = failureOf(error, session.phase, session.transferStarted);
      const reply = firstLine(error instanceof Error ? error.message : String(error));
      done({
        outcome: 'failed',
        reply,
        code: error instanceof FTPError ? error.code : null,
        failure,
        stored: null,
      });
      return false;
    }
  };

  const store = (name: 'store-small' | 'store-large', bytes: number) => {
    const content = randomBytes(bytes);
    const file = uploadName(order.id, name);
    return attempt(
      name,
      reopened(() => session.store(file, content)),
      { file, sha256: sha256(content) },
    );
  };
  const reopened = (action: () => Promise<string>) => async () => {
    await session.ensureOpen();
    return action();
  };

  const loggedIn =
    (await attempt('connect', () => session.connect())) && (await attempt('login', () => session.login()));
  if (loggedIn) {
    await attempt('list', () => session.list());
    await store('store-small', order.smallBytes);
    await store('store-large', order.largeBytes);
    await attempt(
      'retrieve',
      reopened(() => session.retrieve(order.retrieveFile, order.retrieveBytes)),
    );
  }
  session.client.close();
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
  };
  return stepNames.map(
    (name) => steps.find((step) => step.name === name) ?? ({ name, ...skipped } as ObservedStep),
  );
}

/**
 * Errors of connect(2) that are a reset from whoever has the address. An ICMP error (EHOSTUNREACH and the like) comes from
 * a router on the way or from the own kernel, so that it says nothing of the server; if a firewall sent it, its trace
 * shows that.
 */
const resets = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** `started`: whether the server has begun the step's transfer (RFC 959 section 4.2, a 1yz reply). */
function failureOf(error: unknown, phase: Phase, started: boolean): FailureKind {
  if (error instanceof ContentMismatch) return 'content-mismatch';
  if (error instanceof NoDataConnection) return 'data-unanswered';
  if (error instanceof FTPError) {
    if (phase === 'logging-in') return 'login-denied';
    if (phase === 'negotiating') return 'data-command-refused';
    // RFC 959 section 5.4: 421 in place of a greeting.
    if (phase === 'connecting') return 'control-refused';
    // RFC 959 section 4.2.1: 425 can't open data connection, 426 connection closed, transfer aborted.
    if (error.code === 425) return 'data-unanswered';
    if (error.code === 426) return 'transfer-stalled';
    return 'command-refused';
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const refused = (code !== undefined && resets.has(code)) || message.includes('ECONNREFUSED');
  switch (phase) {
    case 'connecting':
      return refused ? 'control-refused' : 'control-unanswered';
    case 'logging-in':
      return 'control-closed';
    case 'negotiating':
      return message.startsWith('PASV returned another host')
        ? 'address-refused-by-client'
        : 'control-closed';
    case 'opening':
      return refused ? 'data-refused' : 'data-unanswered';
    case 'transferring':
      if (!message.startsWith('Timeout')) return 'control-closed';
      return started ? 'transfer-stalled' : 'other';
  }
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

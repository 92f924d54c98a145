import type { Endpoint, FailureKind, TranscriptLine } from '../../model/attempt.ts';

/** A data connection that the two sides have agreed on. */
export interface AgreedConnection {
  readonly openedBy: 'client' | 'server';
  readonly destination: Endpoint;
}

/** What a program saw of its connections besides what was said on them. */
export interface Seen {
  /** A connection was refused. */
  readonly refused: boolean;
  /** A wait was ended, by the program or by the lab. */
  readonly gaveUp: boolean;
}

/**
 * What the lines of one run's control connection come to: a session with one transfer whose program says nothing else. Fed
 * with lines in the order in which the program logs them.
 */
export interface Conversation {
  hear(line: Pick<TranscriptLine, 'from' | 'text'>): void;
  /** The reply by which the server showed that it is there; `null` until then. */
  readonly greeting: string | null;
  /** The reply by which it let the client in. */
  readonly welcome: string | null;
  /** The reply that completed the transfer. */
  readonly completion: string | null;
  /** The data connection agreed on last. */
  readonly agreed: AgreedConnection | null;
  /** Whether the client has begun again with something that it tried before; what follows is not heard any more. */
  readonly repeats: boolean;
  /** How the session failed, given that it did; `reply` is the error reply, if that is what it failed with. */
  failure(seen: Seen): {
    readonly failure: FailureKind;
    readonly code: number | null;
    readonly reply: string | null;
  };
}

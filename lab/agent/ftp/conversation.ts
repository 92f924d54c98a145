import type { Endpoint, FailureKind, TranscriptLine } from '../../model/attempt.ts';

/** A data connection that the two sides have agreed on. */
export interface AgreedConnection {
  readonly openedBy: 'client' | 'server';
  readonly destination: Endpoint;
}

/** What happened to a program's connections. */
export interface Seen {
  /** A connection was refused. */
  readonly refused: boolean;
  /** A wait was ended, by the program or by the lab. */
  readonly gaveUp: boolean;
}

/**
 * What the control connection of one run says: a session with one transfer. Gets the lines in the order in which the program
 * logs them.
 */
export interface Conversation {
  hear(line: Pick<TranscriptLine, 'from' | 'text'>): void;
  /** Tells the address of the control connection's peer; before, it is what the program was told to call. */
  reaches(address: string): void;
  /** The greeting; `null` until it comes. */
  readonly greeting: string | null;
  /** The reply that completed the login. */
  readonly welcome: string | null;
  /** The reply that completed the transfer. */
  readonly completion: string | null;
  /** The data connection agreed on last. */
  readonly agreed: AgreedConnection | null;
  /** Whether the client has started to repeat itself; what follows is ignored. */
  readonly repeats: boolean;
  /** How the session failed, if it did; `reply` is the error reply, if there was one. */
  failure(seen: Seen): {
    readonly failure: FailureKind;
    readonly code: number | null;
    readonly reply: string | null;
  };
}

import type {
  ConnectionAttempt,
  FailureKind,
  ObservedStep,
  StepName,
  TranscriptLine,
} from '../../model/attempt.ts';

/**
 * One FTP client program at work: the six steps of an attempt, whatever the program. Each resolves with the reply that
 * completed it and rejects with an error that {@link FtpSession.failureOf} explains.
 */
export interface FtpSession {
  readonly transcript: readonly TranscriptLine[];
  /** The connection that the current step waits for or used last. */
  readonly connection: ConnectionAttempt | null;
  /** What the program showed its user in the current step; `null` for a library, which shows nothing by itself. */
  readonly program: ObservedStep['program'];
  /** To be called before each step. */
  begin(step: StepName): void;
  connect(): Promise<string>;
  login(): Promise<string>;
  list(): Promise<string>;
  store(file: string, content: Buffer): Promise<string>;
  /** Rejects if fewer or more bytes arrived than announced, or if they differ from what the session stored under that name. */
  retrieve(file: string, bytes: number): Promise<string>;
  /** How a step failed, from what it rejected with. */
  failureOf(error: unknown): StepFailure;
  /**
   * Ends the session's wait for a connection that it announced to be established or, if it `stands`, for data on it. Does nothing
   * if the session no longer waits for that one.
   */
  stopWaiting(connection: ConnectionAttempt, stands: boolean): void;
  close(): void;
}

/** A step that failed for a reason known where it is thrown. `code` is the FTP reply code, `null` if no reply came. */
export class StepFailure extends Error {
  constructor(
    readonly failure: FailureKind,
    message: string,
    readonly code: number | null = null,
  ) {
    super(message);
  }
}

/** The content that arrived is not the content that was stored. */
export function contentMismatch(received: number, wanted: number): StepFailure {
  const what = received === wanted ? 'other bytes arrived' : `bytes arrived instead of ${wanted}`;
  return new StepFailure('content-mismatch', `${received} ${what}`);
}

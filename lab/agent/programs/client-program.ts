import type { Endpoint, TranscriptLine } from '../../model/attempt.ts';
import type { Conversation } from '../ftp/conversation.ts';
import type { AttemptOrder } from '../protocol.ts';

/** One transfer: a run of a client program is one session with one of them, as a user would have it. */
export type Job =
  | { readonly do: 'list' }
  /** A file in the folder that the program is started in. */
  | { readonly do: 'store' | 'retrieve'; readonly file: string };

export interface Invocation {
  readonly command: readonly [program: string, ...args: string[]];
  /** What the program reads from standard input; without it, nothing. */
  readonly input?: string;
}

/** What a line of a program's output is. */
export interface OutputLine {
  /** A line of the control connection. */
  readonly control?: Pick<TranscriptLine, 'from' | 'text'>;
  /** Whether the program shows it even if it does not log the control connection. */
  readonly shown: boolean;
}

/**
 * An FTP client program with its own defaults and fall-backs. The command line holds only what the order asks for: the
 * server, the transfer, the transfer mode by the program's own options, and to log the control connection.
 */
export interface Program {
  invocation(order: AttemptOrder, job: Job): Invocation;
  /** Makes what reads one run's output, line by line. */
  reader(): (line: string) => OutputLine;
  /** Makes what follows one run's control connection. */
  conversation(order: AttemptOrder): Conversation;
  /** Where the program connects to. Default: the order's server. */
  peerOf?(order: AttemptOrder): Endpoint;
}

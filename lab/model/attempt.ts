/* What an FTP attempt is made of, and what the agent reports of one. */
import type { ObservedStep, TranscriptLine } from './result/attempt.ts';

export type {
  AnnouncedConnection,
  ConnectionAttempt,
  Endpoint,
  FileDigest,
  ObservedStep,
  ProgramOutput,
  Step,
  TranscriptLine,
} from './result/attempt.ts';
export * from './vocabulary.ts';

/** What the agent reports of one attempt. */
export interface AttemptReport {
  /** By the clock of the machine (ISO 8601, UTC). */
  readonly startedAt: string;
  readonly steps: readonly ObservedStep[];
  readonly transcript: readonly TranscriptLine[];
  readonly ms: number;
}

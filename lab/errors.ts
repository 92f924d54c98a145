/**
 * A lab that cannot answer. Not for blocked uploads: those are results. `usage` is the caller's mistake (exit status 2),
 * `environment` is what the machine lacks or broke (exit status 3).
 */
export class LabError extends Error {
  override readonly name = 'LabError';
  constructor(
    readonly kind: 'usage' | 'environment',
    /** Stable, kebab-case: `no-engine`, `address-clash`, `rule-set-does-not-load`. */
    readonly code: string,
    message: string,
    /** What to do about it, one sentence. */
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Where long-running work says what it is doing, a line at a time. The command line prints it on stderr. */
export type Progress = (message: string) => void;

/** A LabError with the file's name in front of its message; any other error unchanged. */
export function withFile(error: unknown, file: string): unknown {
  if (!(error instanceof LabError)) return error;
  return new LabError(error.kind, error.code, `${file}: ${error.message}`, error.hint, { cause: error });
}

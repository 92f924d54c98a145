import type { FailureKind, TranscriptLine } from '../../model/attempt.ts';
import type { Conversation, Seen } from './conversation.ts';

/** A conversation with a web proxy, in HTTP: one request for an ftp: address, and the proxy's answer. Pure. */
export class HttpConversation implements Conversation {
  readonly agreed = null;
  readonly repeats = false;
  #status: { readonly code: number; readonly text: string } | null = null;

  /** 1xx statuses are no answers yet (RFC 9110 section 15.2). */
  /** The proxy's address is what the program was told. */
  reaches(): void {}

  hear({ from, text }: Pick<TranscriptLine, 'from' | 'text'>): void {
    const [, code] = (from === 'server' && /^HTTP\/[\d.]+ ([2-5]\d\d)\b/.exec(text)) || [];
    if (code) this.#status ??= { code: Number(code), text };
  }

  /** Any answer except that the server could not be reached (502 to 504; RFC 9110 section 15.6). */
  get greeting(): string | null {
    if (!this.#status) return null;
    const { code, text } = this.#status;
    return code >= 502 && code <= 504 ? null : text;
  }

  /** A proxy says 401 if the server refuses the login (RFC 9110 section 15.5.2). */
  get welcome(): string | null {
    return this.#status?.code === 401 ? null : this.greeting;
  }

  get completion(): string | null {
    return this.#status && this.#status.code < 300 ? this.#status.text : null;
  }

  failure({ refused, gaveUp }: Seen): ReturnType<Conversation['failure']> {
    if (!this.#status) {
      const failure = refused ? 'control-refused' : gaveUp ? 'control-unanswered' : 'other';
      return { failure, code: null, reply: null };
    }
    const { code, text } = this.#status;
    return { failure: failureOf(code), code, reply: text };
  }
}

/** The proxy itself refuses (403, 405, 501), the server refuses the login (401), or it says something else. */
function failureOf(code: number): FailureKind {
  if (code === 401) return 'login-denied';
  return code === 403 || code === 405 || code === 501 ? 'refused-by-proxy' : 'other';
}

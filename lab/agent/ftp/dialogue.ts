import type { Endpoint, FailureKind, TranscriptLine } from '../../model/attempt.ts';
import { endpointOf } from '../../model/endpoint.ts';
import type { AgreedConnection, Conversation, Seen } from './conversation.ts';
import { commaAddress, type DataAddress, extendedPort } from './data-address.ts';
import { failureOfReply, type ReplyTo } from './reply-failure.ts';

export interface DialogueOptions {
  /** What the program calls. */
  readonly host: string;
  /** Whether the client connects to the address in a 227 reply; most take the control connection's instead. */
  readonly followsPasvAddress: boolean;
  readonly tls: boolean;
}

type State = 'connecting' | 'logging-in' | 'idle' | 'negotiating' | 'opening' | 'transferring';

const dataCommands = new Set(['PASV', 'EPSV', 'PORT', 'EPRT']);
const transferCommands = new Set(['LIST', 'NLST', 'MLSD', 'STOR', 'APPE', 'RETR']);

/** A conversation in FTP. Pure. */
export class Dialogue implements Conversation {
  #options: DialogueOptions;
  readonly #tried = new Set<string>();
  #state: State = 'connecting';
  #verb = '';
  #argument = '';
  #multiline: string | null = null;
  #error: { readonly to: ReplyTo; readonly code: number; readonly text: string } | null = null;
  #started = false;
  greeting: string | null = null;
  welcome: string | null = null;
  completion: string | null = null;
  agreed: AgreedConnection | null = null;
  repeats = false;

  constructor(options: DialogueOptions) {
    this.#options = options;
  }

  reaches(address: string): void {
    this.#options = { ...this.#options, host: address };
  }

  hear({ from, text }: Pick<TranscriptLine, 'from' | 'text'>): void {
    if (this.repeats) return;
    if (from === 'client') this.#command(text);
    else this.#line(text);
  }

  #command(text: string): void {
    const [verb = '', argument = ''] = text.split(' ');
    this.#verb = verb.toUpperCase();
    this.#argument = argument;
    if (dataCommands.has(this.#verb)) {
      this.repeats = this.#tried.has(this.#verb);
      if (this.repeats) return;
      this.#tried.add(this.#verb);
      this.#state = 'negotiating';
    }
    if (this.#verb === 'QUIT') return;
    this.#error = null;
  }

  /** RFC 959 section 4.2: a reply of several lines ends with one that has its code and a space. */
  #line(text: string): void {
    const [, code, separator] = /^(\d{3})([ -])/.exec(text) ?? [];
    if (this.#multiline !== null && (code !== this.#multiline || separator === '-')) return;
    if (!code) return;
    this.#multiline = separator === '-' ? code : null;
    if (separator === ' ') this.#reply(Number(code), text);
  }

  #reply(code: number, text: string): void {
    switch (this.#state) {
      case 'connecting':
        if (code >= 400) this.#error = { to: 'greeting', code, text };
        else {
          this.greeting = text;
          this.#state = 'logging-in';
        }
        return;
      case 'logging-in':
        if (code >= 400) this.#error = { to: this.#verb === 'AUTH' ? 'auth' : 'login', code, text };
        else if (code >= 200 && code < 300 && (this.#verb === 'USER' || this.#verb === 'PASS')) {
          this.welcome = text;
          this.#state = 'idle';
        }
        return;
      case 'negotiating':
        if (code >= 400) this.#error = { to: 'data-command', code, text };
        else if (dataCommands.has(this.#verb)) this.#agree(code, text);
        return;
      default:
        if (!transferCommands.has(this.#verb)) return;
        if (code >= 400) this.#error = { to: 'transfer', code, text };
        else if (code >= 200) this.completion = text;
        else {
          this.#started = true;
          this.#state = 'transferring';
        }
    }
  }

  #agree(code: number, text: string): void {
    const destination = this.#destination(text);
    if (!destination) {
      this.#error = { to: 'data-address', code, text };
      return;
    }
    const openedBy = this.#verb === 'PASV' || this.#verb === 'EPSV' ? 'client' : 'server';
    this.agreed = { openedBy, destination };
    this.#state = 'opening';
  }

  /** RFC 959 section 4.1.2, RFC 2428 sections 2 and 3. */
  #destination(reply: string): Endpoint | null {
    const { host, followsPasvAddress } = this.#options;
    switch (this.#verb) {
      case 'PASV':
        return endpoint(commaAddress(reply.slice(4)), followsPasvAddress ? null : host);
      case 'EPSV': {
        const port = extendedPort(reply);
        return port ? endpointOf(host, port) : null;
      }
      case 'PORT':
        return endpoint(commaAddress(this.#argument), null);
      default: {
        const [, , address, port] = this.#argument.split('|');
        return address && port ? endpointOf(address, port) : null;
      }
    }
  }

  failure({ refused, gaveUp }: Seen): ReturnType<Conversation['failure']> {
    if (this.#error) {
      const { to, code, text } = this.#error;
      return { failure: failureOfReply(to, code, text, this.#options.tls), code, reply: text };
    }
    return { failure: this.#withoutReply(refused, gaveUp), code: null, reply: null };
  }

  #withoutReply(refused: boolean, gaveUp: boolean): FailureKind {
    switch (this.#state) {
      case 'connecting':
        return refused ? 'control-refused' : 'control-unanswered';
      case 'logging-in':
      case 'negotiating':
        return gaveUp ? 'command-unanswered' : 'control-closed';
      case 'idle':
        return 'other';
      case 'opening':
        return refused ? 'data-refused' : 'data-unanswered';
      case 'transferring':
        if (!gaveUp) return 'other';
        return this.#started ? 'transfer-stalled' : 'command-unanswered';
    }
  }
}

/** With another host if one is given. */
function endpoint(address: DataAddress | null, host: string | null): Endpoint | null {
  return address && endpointOf(host ?? address.host, address.port);
}

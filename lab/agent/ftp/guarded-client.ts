import { Client, type FTPContext, FTPError, type FTPResponse } from 'basic-ftp';
import { lineSplitter } from '../../line-splitter.ts';
import { StepFailure } from './ftp-session.ts';
import { otherProtocol } from './other-protocol.ts';

/** What a server may say to one command, in characters: basic-ftp's own limit of one reply. */
const mostSaid = 2 ** 16;

/** How much of what a server says first is kept, in characters. */
const headLength = 512;

/** The shortest wait for an answer, in milliseconds. */
const shortestWait = 1000;

/** Data that moves more slowly than this, in bytes a second, counts as stalled. */
const slowest = 4096;

/** Up to this length a secret is found in upper and lower case alike. */
const longestSecret = 1000;

/** How messages of basic-ftp and of the lab begin if a wait was ended. */
export const timeout = 'Timeout';

/** The protected part of basic-ftp's context that has to be told what comes in. */
interface Intake {
  _onControlSocketData(chunk: string): void;
}

/** How data moves while a transfer is watched. */
interface Watch {
  /** Where the data stood, and when that was. */
  bytes: number;
  since: number;
  /** Whether the data connection was seen to have ended, which gives the server time for its reply. */
  ended: boolean;
}

/**
 * basic-ftp's client for servers that cannot be trusted. basic-ftp's own timeouts count only silence, so a server that
 * always says something would hold it for ever. Here one command, with its replies and its data, has a budget: characters,
 * commands sent, and time. The time is the patience, and begins again only as data moves. Replies count as whole lines, so
 * that one which arrives in pieces is not lost. Whatever exceeds the budget, and any socket's error, rejects the command.
 */
export class GuardedClient extends Client {
  /** What the server said first. */
  head = '';
  /** Whether the control connection was established, whatever the server then did. */
  reached = false;
  /** What ended the conversation, if not silence or an error of the network. */
  fault: StepFailure | null = null;
  /** The longest wait for a reply that came, in milliseconds. */
  #longestWait = 0;
  #said = 0;
  #sent: string[] = [];

  /** `secret` is masked wherever the server repeats it. */
  constructor(patienceMs: number, secret: string) {
    super(patienceMs);
    const { ftp } = this;
    const [handle, send] = [ftp.handle.bind(ftp), ftp.send.bind(ftp)];
    const intake = ftp as unknown as Intake;
    const take = intake._onControlSocketData.bind(ftp);
    const blot = blotter(secret);
    let lines: string[] = [];
    let splitter = lineSplitter((line) => lines.push(blot(line)));
    intake._onControlSocketData = (chunk) => {
      this.head = (this.head + chunk).slice(0, headLength);
      this.#said += chunk.length;
      splitter.feed(Buffer.from(chunk));
      const whole = lines;
      lines = [];
      if (whole.length > 0) take(`${whole.join('\r\n')}\r\n`);
      if (this.#said > mostSaid)
        this.#giveUp('too-much', `more than ${mostSaid} characters came before the reply was complete`);
    };
    ftp.handle = (command, handler) => {
      this.#said = 0;
      this.#sent = [];
      const watching = this.#watch(command);
      const started = performance.now();
      let answered = false;
      return handle(command, (reply, task) => {
        if (!answered && (!(reply instanceof Error) || reply instanceof FTPError)) {
          answered = true;
          this.#longestWait = Math.max(this.#longestWait, performance.now() - started);
        }
        handler(reply, task);
      }).finally(() => clearInterval(watching));
    };
    ftp.send = (command) => {
      if (this.#sent.includes(command) && command !== 'QUIT')
        this.#giveUp('too-much', `the server asks for the same command again: ${command.split(' ')[0]}`);
      else {
        this.#sent.push(command);
        send(command);
      }
    };
    const reset = ftp.reset.bind(ftp);
    ftp.reset = () => {
      lines = [];
      splitter = lineSplitter((line) => lines.push(blot(line)));
      this.head = '';
      this.reached = false;
      this.fault = null;
      reset();
    };
  }

  /**
   * Connects, and resolves with the greeting: the first reply that is not preliminary (RFC 959 section 5.4: 120 comes
   * before the 220). Rejects as soon as the server speaks another protocol.
   */
  override async connect(host: string, port: number): Promise<FTPResponse> {
    const { ftp } = this;
    ftp.reset();
    ftp.socket.connect({ host, port }, () => {
      this.reached = true;
      ftp.socket.on('data', () => {
        const which = otherProtocol(this.head);
        if (which !== null) this.#giveUp('not-ftp', `${which}: ${firstLine(this.head)}`);
      });
    });
    return ftp.handle(undefined, (reply, task) => {
      if (reply instanceof FTPError && reply.code > 599) return;
      if (reply instanceof Error) task.reject(reply);
      else if (reply.code >= 200 && reply.code < 300) task.resolve(reply);
      else if (reply.code >= 300) task.reject(new FTPError(reply));
    });
  }

  /** Ends a wait that no command of basic-ftp's covers. */
  async within<T>(waiting: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`${timeout}: nothing came for ${this.ftp.timeout} ms`);
        reject(error);
        this.ftp.closeWithError(error);
      }, this.ftp.timeout);
    });
    return Promise.race([waiting, end]).finally(() => clearTimeout(timer));
  }

  /**
   * Waits no longer than this from now on, in milliseconds; a second at least, and twice as long as the server has taken so
   * far to answer.
   */
  waitAtMost(ms: number): void {
    const most = Math.max(ms, shortestWait, 2 * this.#longestWait);
    // Read by basic-ftp at each wait; read-only in its types alone.
    Object.assign(this.ftp, { timeout: Math.min(this.ftp.timeout, most) });
  }

  #giveUp(failure: 'too-much' | 'not-ftp', why: string): void {
    this.fault ??= new StepFailure(failure, why);
    this.ftp.closeWithError(this.fault);
  }

  /** Ends a command that has had its time. */
  #watch(command: string | undefined): NodeJS.Timeout {
    const { ftp } = this;
    const watch: Watch = { bytes: 0, since: performance.now(), ended: false };
    const started = watch.since;
    const every = Math.min(500, ftp.timeout / 8);
    const look = (): void => {
      const now = performance.now();
      if (hasMoved(ftp, watch, command)) watch.since = now;
      // The timeouts of basic-ftp, which say more, come first.
      if (now - watch.since < ftp.timeout + every) return;
      ftp.closeWithError(new Error(`${timeout}: not done after ${Math.round(now - started)} ms`));
    };
    return setInterval(look, every);
  }
}

/**
 * Whether enough data has moved for the wait to begin again, or the data connection has just ended. A listing's time is not
 * extended: nobody needs all of an endless one.
 */
function hasMoved(ftp: FTPContext, watch: Watch, command: string | undefined): boolean {
  const { dataSocket } = ftp;
  if (!dataSocket) return false;
  if (!watch.ended && (dataSocket.destroyed || dataSocket.readableEnded || dataSocket.writableFinished)) {
    watch.ended = true;
    return true;
  }
  const bytes = dataSocket.bytesRead + dataSocket.bytesWritten;
  if (command === 'LIST' || bytes - watch.bytes < (slowest * ftp.timeout) / 1000) return false;
  watch.bytes = bytes;
  return true;
}

/** Masks a secret in a text, in upper and lower case. */
export function blotter(secret: string): (text: string) => string {
  if (secret === '') return (text) => text;
  // A very long pattern does not compile.
  if (secret.length > longestSecret) return (text) => text.replaceAll(secret, '###');
  const pattern = new RegExp(secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  return (text) => text.replace(pattern, '###');
}

function firstLine(text: string): string {
  return text.split(/\r?\n/).find((line) => line !== '') ?? '';
}

import { createHash } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { Client, enterPassiveModeIPv6, type FTPContext, FTPError } from 'basic-ftp';
import { enterPassiveModeIPv4_forceControlHostIP as enterPassiveModeIPv4 } from 'basic-ftp/dist/transfer.js';
import {
  type ConnectionAttempt,
  type Endpoint,
  type FailureKind,
  isPassive,
  type StepName,
  stoppedWaiting,
  type TranscriptLine,
} from '../../model/attempt.ts';
import type { AttemptOrder } from '../protocol.ts';
import { ActiveListener, activeCommand, activeTransfer, NoDataConnection } from './active-transfer.ts';
import { ContentMismatch, type FtpSession } from './ftp-session.ts';
import { failureOfReply, type ReplyTo } from './reply-failure.ts';
import { WatchedSockets } from './watched-sockets.ts';

/** How far the current step has come; tells apart failures that basic-ftp reports alike. */
type Phase = 'connecting' | 'securing' | 'logging-in' | 'negotiating' | 'opening' | 'transferring';

/** What messages of basic-ftp, and of the lab, begin with where a wait was ended. */
const timeout = 'Timeout';

/**
 * What share of its patience the session keeps once nobody has answered a data connection for all of it: the transfers that
 * follow are made to see whether they fare alike, not to wait as long again.
 */
const impatience = 0.2;

const replyTo: Record<Phase, ReplyTo> = {
  connecting: 'greeting',
  securing: 'auth',
  'logging-in': 'login',
  negotiating: 'data-command',
  opening: 'transfer',
  transferring: 'transfer',
};

/**
 * Errors of connect(2) that are a reset from whoever has the address. An ICMP error (EHOSTUNREACH and the like) comes from
 * a router on the way or from the own kernel, so that it says nothing of the server; if a firewall sent it, its trace
 * shows that.
 */
const resets = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** basic-ftp: one FTP session pinned to a transfer mode, with everything that a verdict needs written down. */
export class Session implements FtpSession {
  readonly program = null;
  readonly client: Client;
  readonly transcript: TranscriptLine[] = [];
  phase: Phase = 'connecting';
  step: StepName = 'connect';
  /** The connection that the current step waits for or used last. */
  connection: ConnectionAttempt | null = null;
  /** Whether the server has answered the current step's command with a 1yz reply. */
  transferStarted = false;
  readonly #announce: (connection: ConnectionAttempt) => void;
  readonly #sockets: WatchedSockets;
  /** Digests of uploads that will be read back. */
  readonly #sent = new Map<string, string>();
  #listener: ActiveListener | undefined;

  constructor(
    readonly order: AttemptOrder,
    announce: (connection: ConnectionAttempt) => void,
    now: () => number,
  ) {
    this.#announce = announce;
    this.#sockets = new WatchedSockets((source, destination) => {
      // basic-ftp opens data connections and the control connection in the same way.
      if (this.phase !== 'connecting') this.phase = 'opening';
      this.#expect('client', source, destination);
    });
    this.client = new Client(order.patienceMs);
    const { ftp } = this.client;
    ftp._newSocket = () => this.#sockets.newSocket();
    ftp.log = (message) => {
      const from = message.startsWith('> ') ? 'client' : message.startsWith('< ') ? 'server' : null;
      // basic-ftp says QUIT as it closes, also to nobody.
      if (!from || (from === 'client' && !ftp.socket.remoteAddress)) return;
      for (const text of message.slice(2).split(/\r?\n/))
        if (text) this.transcript.push({ from, text, ms: now() });
      if (from === 'server' && /^1\d\d/.test(message.slice(2))) this.transferStarted = true;
    };
    this.client.prepareTransfer = async (context) => {
      this.phase = 'negotiating';
      const enter = order.mode === 'pasv' ? enterPassiveModeIPv4 : enterPassiveModeIPv6;
      const response = await enter(context);
      this.phase = 'transferring';
      return response;
    };
  }

  /** Notes and announces the connection that the step now waits for. */
  #expect(openedBy: ConnectionAttempt['openedBy'], source: Endpoint | null, destination: Endpoint): void {
    const purpose = this.phase === 'connecting' ? 'control' : 'data';
    this.connection = { purpose, openedBy, step: this.step, source, destination };
    this.#announce(this.connection);
  }

  /**
   * Ends the wait for a connection to `destination`, if that is what the session waits for; for the control connection's
   * own destination, once it stands, the wait for a reply.
   */
  stopWaiting(destination: Endpoint): void {
    this.#sockets.stopWaiting(destination);
    if (this.#listener?.endpoint === destination) this.#listener.giveUp(new NoDataConnection(stoppedWaiting));
    const { host, port } = this.order;
    if (this.phase !== 'connecting' && destination === `${host}:${port}`)
      this.client.ftp.closeWithError(new Error(`${timeout}: no reply; the firewall drops what it waits for`));
  }

  /** To be called before each step. */
  begin(step: StepName): void {
    this.step = step;
    this.connection = null;
    this.transferStarted = false;
  }

  async connect(): Promise<string> {
    this.phase = 'connecting';
    const welcome = await this.client.connect(this.order.host, this.order.port);
    return welcome.message;
  }

  async login(): Promise<string> {
    if (this.order.tls) {
      this.phase = 'securing';
      // The lab's certificate vouches for nobody; what is on trial is the network.
      await this.client.useTLS({ host: this.order.host, rejectUnauthorized: false });
    }
    this.phase = 'logging-in';
    const welcome = await this.client.login(this.order.user, this.order.password);
    await this.client.useDefaultSettings();
    // One listing command, so that one blocked listing is one data connection.
    this.client.availableListCommands = ['LIST'];
    return welcome.message;
  }

  /** Connects and logs in anew where an earlier step cost the control connection. */
  async #ensureOpen(): Promise<void> {
    if (!this.client.closed) return;
    await this.connect();
    await this.login();
  }

  async list(): Promise<string> {
    if (!isPassive(this.order.mode)) return this.#active('LIST', { to: discard() });
    await this.client.list();
    return this.#lastReply();
  }

  async store(file: string, content: Buffer): Promise<string> {
    await this.#ensureOpen();
    if (this.order.retrieveFile === null) this.#sent.set(file, sha256().update(content).digest('hex'));
    const from = Readable.from([content], { objectMode: false });
    if (!isPassive(this.order.mode)) return this.#active(`STOR ${file}`, { from });
    return (await this.client.uploadFrom(from, file)).message;
  }

  async retrieve(file: string, bytes: number): Promise<string> {
    await this.#ensureOpen();
    const sent = this.#sent.get(file);
    const hash = sent === undefined ? undefined : sha256();
    let received = 0;
    const to = discard((chunk) => {
      received += chunk.length;
      hash?.update(chunk);
    });
    const reply = isPassive(this.order.mode)
      ? (await this.client.downloadTo(to, file)).message
      : await this.#active(`RETR ${file}`, { to });
    if (received !== bytes || hash?.digest('hex') !== sent) throw new ContentMismatch(received, bytes);
    return reply;
  }

  async #active(command: string, move: { from: Readable } | { to: Writable }): Promise<string> {
    this.phase = 'negotiating';
    const { ftp }: { ftp: FTPContext } = this.client;
    const address = ftp.socket.localAddress;
    if (!address) throw new Error('The control connection is closed');
    const listener = await ActiveListener.listen(address);
    this.#listener = listener;
    try {
      await ftp.request(activeCommand(this.order.mode as 'port' | 'eprt', address, listener.port));
      this.phase = 'opening';
      this.#expect('server', null, listener.endpoint);
      listener.connection.then(
        () => {
          this.phase = 'transferring';
        },
        () => undefined,
      );
      return (await activeTransfer(ftp, listener, command, move, this.order.patienceMs)).message;
    } finally {
      this.#listener = undefined;
      listener.close();
    }
  }

  close(): void {
    if (this.connection) this.stopWaiting(this.connection.destination);
    this.client.close();
  }

  failureOf(error: unknown): { failure: FailureKind; code: number | null } {
    if (error instanceof ContentMismatch) return { failure: 'content-mismatch', code: null };
    if (error instanceof NoDataConnection) return { failure: 'data-unanswered', code: null };
    if (error instanceof FTPError)
      return {
        failure: failureOfReply(replyTo[this.phase], error.code, error.message, this.order.tls),
        code: error.code,
      };
    return { failure: this.#failureOfConnection(error as NodeJS.ErrnoException), code: null };
  }

  #failureOfConnection({ code, message }: NodeJS.ErrnoException): FailureKind {
    const refused = (code !== undefined && resets.has(code)) || message.includes('ECONNREFUSED');
    switch (this.phase) {
      case 'connecting':
        return refused ? 'control-refused' : 'control-unanswered';
      case 'negotiating':
        if (message.startsWith('PASV returned another host')) return 'address-refused-by-client';
        return message.startsWith(timeout) ? 'command-unanswered' : 'control-closed';
      case 'securing':
      case 'logging-in':
        return message.startsWith(timeout) ? 'command-unanswered' : 'control-closed';
      case 'opening':
        // Read by basic-ftp at each wait; read-only in its types alone.
        if (message.startsWith(timeout))
          Object.assign(this.client.ftp, { timeout: this.order.patienceMs * impatience });
        return refused ? 'data-refused' : 'data-unanswered';
      case 'transferring':
        if (!message.startsWith(timeout)) return 'control-closed';
        return this.transferStarted ? 'transfer-stalled' : 'command-unanswered';
    }
  }

  #lastReply(): string {
    return this.transcript.findLast((line) => line.from === 'server')?.text ?? '';
  }
}

const sha256 = () => createHash('sha256');

function discard(onData: (chunk: Buffer) => void = () => undefined): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      onData(chunk);
      done();
    },
  });
}

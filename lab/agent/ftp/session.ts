import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { type FTPContext, FTPError, type FTPResponse } from 'basic-ftp';
import { connectForPassiveTransfer } from 'basic-ftp/dist/transfer.js';
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
import { ActiveListener, activeCommand, activeTransfer, type Move, transfer } from './active-transfer.ts';
import { commaAddress, extendedPort } from './data-address.ts';
import { contentMismatch, type FtpSession, StepFailure } from './ftp-session.ts';
import { GuardedClient, timeout } from './guarded-client.ts';
import { namedProtocol } from './other-protocol.ts';
import { failureOfReply, type ReplyTo } from './reply-failure.ts';
import { WatchedSockets } from './watched-sockets.ts';

/** How far the current step has come; tells failures apart that basic-ftp reports in the same words. */
type Phase = 'connecting' | 'securing' | 'logging-in' | 'negotiating' | 'opening' | 'transferring';

/**
 * What share of its patience the session keeps after it has waited for all of it without an answer. The transfers that follow
 * only show whether they fail too, so they need not wait as long again.
 */
const impatience = 0.15;

/** The most that a listing may be, in bytes: some hundred thousand files. */
const mostListed = 16 * 1024 * 1024;

/** Bytes of the pieces that an upload is cut into, so that its progress can be seen. */
const pieceLength = 16 * 1024;

/** What the client says if the lab ended its wait for data on an established connection. */
const inVain = `${timeout}: no reply; the firewall drops what it waits for`;

const replyTo: Record<Phase, ReplyTo> = {
  connecting: 'greeting',
  securing: 'auth',
  'logging-in': 'login',
  negotiating: 'data-command',
  opening: 'transfer',
  transferring: 'transfer',
};

/**
 * Errors of connect(2) that are a reset from the host that has the address. An ICMP error (EHOSTUNREACH and the like) comes from a
 * router on the way or from the client's own kernel, so it says nothing about the server; if a firewall sent it, its trace
 * shows that.
 */
const resets = new Set(['ECONNREFUSED', 'ECONNRESET']);

/** basic-ftp: one FTP session pinned to a transfer mode, with everything that a verdict needs written down. */
export class Session implements FtpSession {
  readonly program = null;
  readonly client: GuardedClient;
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
  /** The last control connection. */
  #control: ConnectionAttempt | undefined;

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
    this.client = new GuardedClient(order.patienceMs, order.password);
    const { ftp } = this.client;
    ftp._newSocket = () => this.#sockets.newSocket();
    ftp.log = (message) => {
      const from = message.startsWith('> ') ? 'client' : message.startsWith('< ') ? 'server' : null;
      // basic-ftp says QUIT as it closes, even if it is not connected.
      if (!from || (from === 'client' && !ftp.socket.remoteAddress)) return;
      for (const text of message.slice(2).split(/\r?\n/))
        if (text) this.transcript.push({ from, text, ms: now() });
      if (from === 'server' && /^1\d\d/.test(message.slice(2))) this.transferStarted = true;
    };
    this.client.prepareTransfer = async (context) => {
      this.phase = 'negotiating';
      const response = await this.#enterPassive(context);
      this.phase = 'transferring';
      return response;
    };
  }

  /** Notes and announces the connection that the step now waits for. */
  #expect(openedBy: ConnectionAttempt['openedBy'], source: Endpoint | null, destination: Endpoint): void {
    const purpose = this.phase === 'connecting' ? 'control' : 'data';
    this.connection = { purpose, openedBy, step: this.step, source, destination };
    if (purpose === 'control') this.#control = this.connection;
    this.#announce(this.connection);
  }

  stopWaiting(connection: ConnectionAttempt, stands: boolean): void {
    if (connection !== this.connection && connection !== this.#control) return;
    if (stands) {
      this.client.ftp.closeWithError(new Error(inVain));
      return;
    }
    const { destination } = connection;
    this.#sockets.stopWaiting(destination);
    if (this.#listener?.endpoint === destination)
      this.#listener.giveUp(new StepFailure('data-unanswered', stoppedWaiting));
  }

  /** To be called before each step. */
  begin(step: StepName): void {
    this.step = step;
    this.connection = null;
    this.transferStarted = false;
  }

  async connect(): Promise<string> {
    this.phase = 'connecting';
    const addresses = await addressesOf(this.order.host);
    for (const [index, address] of addresses.entries())
      try {
        return (await this.client.connect(address, this.order.port)).message;
      } catch (error) {
        if (this.client.reached || index === addresses.length - 1) throw error;
      }
    throw new Error(`${this.order.host} has no address`);
  }

  async login(): Promise<string> {
    if (this.order.tls) {
      this.phase = 'securing';
      // The lab's certificate is self-signed: the network is under test, not the server's identity.
      await this.client.within(this.client.useTLS({ host: this.order.host, rejectUnauthorized: false }));
    }
    this.phase = 'logging-in';
    const welcome = await this.client.login(this.order.user, this.order.password);
    await this.client.useDefaultSettings();
    // One listing command, so that one blocked listing is one data connection.
    this.client.availableListCommands = ['LIST'];
    return welcome.message;
  }

  /** Connects and logs in again if an earlier step lost the control connection. */
  async #ensureOpen(): Promise<void> {
    if (!this.client.closed) return;
    await this.connect();
    await this.login();
  }

  async list(): Promise<string> {
    let listed = 0;
    const to = discard((chunk) => {
      listed += chunk.length;
      if (listed > mostListed)
        throw new StepFailure('too-much', `the listing did not end after ${mostListed} bytes`);
    });
    if (!isPassive(this.order.mode)) return this.#active('LIST', { to });
    const { ftp } = this.client;
    await this.client.prepareTransfer(ftp);
    return (await transfer(ftp, Promise.resolve(), 'LIST', { to }, ftp.timeout)).message;
  }

  async store(file: string, content: Buffer): Promise<string> {
    await this.#ensureOpen();
    if (this.order.retrieveFile === null) this.#sent.set(file, sha256().update(content).digest('hex'));
    const from = inPieces(content);
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
      if (received > bytes) throw contentMismatch(received, bytes);
      hash?.update(chunk);
    });
    const reply = isPassive(this.order.mode)
      ? (await this.client.downloadTo(to, file)).message
      : await this.#active(`RETR ${file}`, { to });
    if (received !== bytes || hash?.digest('hex') !== sent) throw contentMismatch(received, bytes);
    return reply;
  }

  /** As in basic-ftp, which accepts any numbers as an address. Connects only to the control connection's peer. */
  async #enterPassive(ftp: FTPContext): Promise<FTPResponse> {
    const control = ftp.socket.remoteAddress ?? this.order.host;
    const response = await ftp.request(this.order.mode.toUpperCase());
    const { message, code } = response;
    const address =
      this.order.mode === 'pasv' ? commaAddress(message) : { host: control, port: extendedPort(message) };
    if (!address?.port) throw new StepFailure('data-address-garbled', message, code);
    if (address.host !== control)
      throw new StepFailure(
        'address-refused-by-client',
        `PASV returned another host (${address.host}) for data transfer that you have connected to (${control}).`,
      );
    await connectForPassiveTransfer(control, address.port, ftp);
    return response;
  }

  async #active(command: string, move: Move): Promise<string> {
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
      return (await activeTransfer(ftp, listener, command, move, ftp.timeout)).message;
    } finally {
      this.#listener = undefined;
      listener.close();
    }
  }

  close(): void {
    if (this.connection) this.stopWaiting(this.connection, false);
    this.client.close();
  }

  failureOf(error: unknown): StepFailure {
    const { fault, head } = this.client;
    const found = fault ?? (error as Error);
    const { code, message } = found as NodeJS.ErrnoException;
    if (message.startsWith(timeout) && message !== inVain)
      this.client.waitAtMost(this.order.patienceMs * impatience);
    if (found instanceof StepFailure) return found;
    const reply = found instanceof FTPError ? found.code : null;
    // RFC 959 section 5.4: the server closes the control connection.
    if (reply === 421) this.client.close();
    const failure =
      reply === null
        ? this.#failureOfConnection(code, message)
        : failureOfReply(replyTo[this.phase], reply, message, this.order.tls);
    const other = this.phase === 'logging-in' ? namedProtocol(head) : null;
    const [first = ''] = head.trimStart().split(/\r?\n/);
    if (other !== null) return new StepFailure('not-ftp', `${other}: ${first}`, reply);
    const began = this.phase === 'connecting' && reply === null && first !== '' ? `, after "${first}"` : '';
    return new StepFailure(failure, message + began, reply);
  }

  #failureOfConnection(code: string | undefined, message: string): FailureKind {
    const refused = (code !== undefined && resets.has(code)) || message.includes('ECONNREFUSED');
    const waited = message.startsWith(timeout);
    switch (this.phase) {
      case 'connecting':
        // A reset of an established connection may be read before the connection itself.
        if (!this.client.reached && code !== 'ECONNRESET')
          return refused ? 'control-refused' : 'control-unanswered';
        return failureOfGreeting(this.client.head, waited);
      case 'negotiating':
      case 'securing':
      case 'logging-in':
        return waited ? 'command-unanswered' : 'control-closed';
      case 'opening':
        if (message.startsWith('Server ') || /\bE\w+ .*\(control socket\)$/.test(message))
          return 'control-closed';
        return refused ? 'data-refused' : 'data-unanswered';
      case 'transferring':
        if (code === 'ERR_STREAM_PREMATURE_CLOSE' || message.endsWith('(data socket)'))
          return 'transfer-stalled';
        if (!waited) return 'control-closed';
        return this.transferStarted ? 'transfer-stalled' : 'command-unanswered';
    }
  }
}

/** A host's addresses, in the order in which to try them (getaddrinfo(3), RFC 6724). */
async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** How the greeting failed on an established connection of which this much was read. */
function failureOfGreeting(head: string, waited: boolean): FailureKind {
  if (/^1\d\d(?!\d)/.test(head)) return 'not-ready';
  if (head.trim() !== '' && !/^[2-5]\d\d(?!\d)/.test(head)) return 'not-ftp';
  return waited ? 'greeting-silent' : 'greeting-closed';
}

/** As {@link Readable.from} has it, which makes a promise of each piece. */
function inPieces(content: Buffer): Readable {
  let at = 0;
  return new Readable({
    read() {
      const piece = content.subarray(at, at + pieceLength);
      at += pieceLength;
      this.push(piece.length > 0 ? piece : null);
    },
  });
}

const sha256 = () => createHash('sha256');

function discard(onData: (chunk: Buffer) => void = () => undefined): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        onData(chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

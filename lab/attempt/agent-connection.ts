import type { AgentReply, AgentRequest, AttemptOrder, LoadResult } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { AnnouncedConnection, AttemptReport, Endpoint, FileDigest } from '../model/attempt.ts';
import type { PortsOrder, PortsReport } from '../model/passive-ports.ts';
import type { FirewallRules } from '../model/rule-set.ts';

/** A process in a host that reads and writes lines. */
export interface LineStream {
  write(line: string): void;
  close(): void;
}

/** Callbacks for the host's side. */
export interface LineHandlers {
  onLine(line: string): void;
  /** The process ended; `reason` is for people. */
  onClosed(reason: string): void;
}

/** How often an agent that owes an answer is asked whether it lives, and how long it may say nothing, in milliseconds. */
const askEvery = 5000;
const silentAtMost = 20_000;

/** Codes of LabErrors by which a host cannot take part in one attempt, and may in the next. */
const ofHosts = ['agent-failed', 'agent-gone', 'host-silent', 'host-unavailable', 'stream-closed'];

/** Whether an error is a single host's: an attempt that it takes part in comes to nothing, and the lab goes on. */
export function isOfHost(error: unknown): error is LabError {
  return error instanceof LabError && ofHosts.includes(error.code);
}

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** The lab's side of the agent protocol: requests in flight by number. */
export class AgentConnection {
  readonly #stream: LineStream;
  readonly #waiting = new Map<
    number,
    {
      resolve(value: unknown): void;
      reject(error: Error): void;
      connecting(connection: AnnouncedConnection): void;
    }
  >();
  readonly #onGone: () => void;
  #next = 1;
  #closed: LabError | undefined;
  #heard = 0;
  #asking: NodeJS.Timeout | undefined;

  /**
   * `open` starts the agent's process; resolves once the agent answers. `host` is for error messages. `onGone` is called
   * once the agent is of no more use. Every request rejects with LabError `agent-gone` if the agent ends, and with
   * `host-silent` if it says nothing for 20 s, not even that it lives.
   */
  static async open(
    host: string,
    open: (handlers: LineHandlers) => Promise<LineStream>,
    onGone: () => void = () => undefined,
  ): Promise<AgentConnection> {
    let connection: AgentConnection | undefined;
    const stream = await open({
      onLine: (line) => connection?.onLine(line),
      onClosed: (reason) => connection?.onClosed(reason),
    });
    connection = new AgentConnection(host, stream, onGone);
    await connection.hello();
    return connection;
  }

  private constructor(
    readonly host: string,
    stream: LineStream,
    onGone: () => void,
  ) {
    this.#stream = stream;
    this.#onGone = onGone;
  }

  /** Makes an FTP attempt. `connecting` is called for each connection attempt and may end the wait for it. */
  attempt(
    order: AttemptOrder,
    connecting: (connection: AnnouncedConnection, stopWaiting: (stands: boolean) => void) => void,
  ): Promise<AttemptReport> {
    const request = this.#next;
    let announced = 0;
    return this.#request({ do: 'attempt', order }, (connection) => {
      const place = announced++;
      connecting(connection, (stands) => void this.#stopWaiting(request, place, stands));
    }) as Promise<AttemptReport>;
  }

  #stopWaiting(request: number, connection: number, stands: boolean): Promise<unknown> {
    return this.#request({ do: 'stop-waiting', request, connection, stands }).catch(() => undefined);
  }

  askPorts(order: PortsOrder): Promise<PortsReport> {
    return this.#request({ do: 'ask-ports', order }) as Promise<PortsReport>;
  }

  /** SHA-256 and size of uploaded files, which are then removed; `null` for a missing file. */
  digest(folder: string, files: readonly string[]): Promise<(FileDigest | null)[]> {
    return this.#request({ do: 'digest', folder, files }) as Promise<(FileDigest | null)[]>;
  }

  /** Resolves if the host lives. */
  async hello(): Promise<void> {
    await this.#request({ do: 'hello' });
  }

  /** Ends the host's TCP connections from or to the given endpoints, and its attempts at some. */
  async abandon(endpoints: readonly Endpoint[]): Promise<void> {
    await this.#request({ do: 'abandon', endpoints });
  }

  /** Has the firewall trace every packet between some pairs of hosts, or no longer. */
  async closeUp(hosts: readonly (readonly [string, string])[], on: boolean): Promise<void> {
    await this.#request({ do: 'close-up', hosts, on });
  }

  /** Starts capturing the packets of some addresses, on each interface of a firewall, under a key. */
  async startCapture(key: string, addresses: readonly string[], snapLength: number): Promise<void> {
    await this.#request({ do: 'start-capture', key, addresses, snapLength });
  }

  /** Ends a capture: files in tcpdump's format, in base64, by interface. */
  stopCapture(key: string): Promise<Readonly<Record<string, string>>> {
    return this.#request({ do: 'stop-capture', key }) as Promise<Readonly<Record<string, string>>>;
  }

  /** Has the host find its IPv6 neighbours again. */
  async forgetNeighbours(): Promise<void> {
    await this.#request({ do: 'forget-neighbours' });
  }

  /** Puts a numbered bookmark into the firewall's trace. */
  async bookmark(number: number): Promise<void> {
    await this.#request({ do: 'bookmark', number });
  }

  /** `listed`: whether to say what the kernel has of nft rules afterwards. */
  load(rules: FirewallRules, listed = false): Promise<LoadResult> {
    return this.#request({ do: 'load', rules, listed }) as Promise<LoadResult>;
  }

  /** `iptables-save -c` and the Read Only companion. */
  counters(): Promise<Required<Pick<FirewallRules, 'iptables' | 'iptables6' | 'nft'>>> {
    return this.#request({ do: 'counters' }) as ReturnType<AgentConnection['counters']>;
  }

  close(): void {
    this.#stream.close();
    this.onClosed('the lab closed it');
  }

  #request(
    request: Without<AgentRequest, 'id'>,
    connecting: (connection: AnnouncedConnection) => void = () => undefined,
  ): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) this.#heard = performance.now();
      this.#waiting.set(id, { resolve, reject, connecting });
      this.#asking ??= setInterval(() => this.#ask(), askEvery);
      this.#write({ id, ...request } as AgentRequest);
    });
  }

  #write(request: AgentRequest): void {
    try {
      this.#stream.write(JSON.stringify(request));
    } catch (error) {
      this.onClosed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Makes sure that an agent which owes an answer lives. */
  #ask(): void {
    if (this.#waiting.size === 0) {
      clearInterval(this.#asking);
      this.#asking = undefined;
    } else if (performance.now() - this.#heard > silentAtMost) {
      this.#end(
        new LabError(
          'environment',
          'host-silent',
          `${this.host} has said nothing for ${silentAtMost / 1000} s`,
          'Is it paused, or its machine overloaded?',
        ),
      );
      this.#stream.close();
    } else {
      // The answer is to a request that nobody waits for.
      this.#write({ id: 0, do: 'hello' });
    }
  }

  private onLine(line: string): void {
    this.#heard = performance.now();
    // If the agent cannot be started, the engine says so on the stream that the agent would have had.
    const reply = replyIn(line);
    if (reply === undefined) {
      this.onClosed(line);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if ('event' in reply) {
      waiting.connecting(reply.connection);
      return;
    }
    this.#waiting.delete(reply.id);
    if ('error' in reply)
      waiting.reject(
        new LabError('environment', 'agent-failed', `The agent in ${this.host} failed: ${reply.error}`),
      );
    else waiting.resolve(reply.ok);
  }

  private onClosed(reason: string): void {
    this.#end(this.#gone(reason));
  }

  #end(error: LabError): void {
    if (this.#closed) return;
    this.#closed = error;
    clearInterval(this.#asking);
    this.#onGone();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #gone(reason: string): LabError {
    if (reason.includes('another process is using this lab'))
      return new LabError(
        'environment',
        'lab-in-use',
        `The lab is in use: another process is connected to ${this.host}`,
        'Wait for it to end, or give this one another --name.',
      );
    return new LabError(
      'environment',
      'agent-gone',
      `The agent in ${this.host} is gone: ${reason}`,
      `Was the host removed? "ftplab status" shows the lab, "ftplab up" repairs it.`,
    );
  }
}

/** What a line of an agent says; `undefined` if it is none of an agent's. */
function replyIn(line: string): AgentReply | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'id' in value ? (value as AgentReply) : undefined;
  } catch {
    return undefined;
  }
}

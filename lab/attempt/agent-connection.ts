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
  #next = 1;
  #closed: string | undefined;

  /** `open` starts the agent's process; resolves when the agent answers. `host` is for error messages. */
  static async open(
    host: string,
    open: (handlers: LineHandlers) => Promise<LineStream>,
  ): Promise<AgentConnection> {
    let connection: AgentConnection | undefined;
    const stream = await open({
      onLine: (line) => connection?.onLine(line),
      onClosed: (reason) => connection?.onClosed(reason),
    });
    connection = new AgentConnection(host, stream);
    await connection.#request({ do: 'hello' });
    return connection;
  }

  private constructor(
    readonly host: string,
    stream: LineStream,
  ) {
    this.#stream = stream;
  }

  /** Makes an FTP attempt. `connecting` is called for each connection attempt and may end the wait for it. */
  attempt(
    order: AttemptOrder,
    connecting: (connection: AnnouncedConnection, stopWaiting: () => void) => void,
  ): Promise<AttemptReport> {
    const request = this.#next;
    return this.#request({ do: 'attempt', order }, (connection) =>
      connecting(connection, () => void this.#stopWaiting(request, connection.destination)),
    ) as Promise<AttemptReport>;
  }

  #stopWaiting(request: number, destination: Endpoint): Promise<unknown> {
    return this.#request({ do: 'stop-waiting', request, destination }).catch(() => undefined);
  }

  askPorts(order: PortsOrder): Promise<PortsReport> {
    return this.#request({ do: 'ask-ports', order }) as Promise<PortsReport>;
  }

  /** SHA-256 and size of uploaded files, which are then removed; `null` for a missing file. */
  digest(folder: string, files: readonly string[]): Promise<(FileDigest | null)[]> {
    return this.#request({ do: 'digest', folder, files }) as Promise<(FileDigest | null)[]>;
  }

  /** Ends the host's own connection attempts to the given TCP ports. */
  async abandon(ports: readonly number[]): Promise<void> {
    await this.#request({ do: 'abandon', ports });
  }

  /** Starts capturing the packets of some addresses, on each interface of a firewall, under a key. */
  async startCapture(key: string, addresses: readonly string[], snapLength: number): Promise<void> {
    await this.#request({ do: 'start-capture', key, addresses, snapLength });
  }

  /** Ends a capture: files in tcpdump's format, in base64, by interface. */
  stopCapture(key: string): Promise<Readonly<Record<string, string>>> {
    return this.#request({ do: 'stop-capture', key }) as Promise<Readonly<Record<string, string>>>;
  }

  /** Puts a numbered bookmark into the firewall's trace. */
  async bookmark(number: number): Promise<void> {
    await this.#request({ do: 'bookmark', number });
  }

  load(rules: FirewallRules): Promise<LoadResult> {
    return this.#request({ do: 'load', rules }) as Promise<LoadResult>;
  }

  /** `iptables-save -c` and the Read Only companion. */
  counters(): Promise<{ iptables: string; nft: string | null }> {
    return this.#request({ do: 'counters' }) as Promise<{ iptables: string; nft: string | null }>;
  }

  close(): void {
    this.#stream.close();
    this.onClosed('the lab closed it');
  }

  #request(
    request: Without<AgentRequest, 'id'>,
    connecting: (connection: AnnouncedConnection) => void = () => undefined,
  ): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#gone());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, connecting });
      this.#stream.write(JSON.stringify({ id, ...request }));
    });
  }

  private onLine(line: string): void {
    // If the agent cannot be started, the engine says so on the stream that the agent would have had.
    if (!line.startsWith('{')) {
      this.onClosed(line);
      return;
    }
    const reply = JSON.parse(line) as AgentReply;
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
    this.#closed ??= reason;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(this.#gone());
  }

  #gone(): LabError {
    if (this.#closed?.includes('another process is using this lab'))
      return new LabError(
        'environment',
        'lab-in-use',
        `The lab is in use: another process is connected to ${this.host}`,
        'Wait for it to end, or give this one another --name.',
      );
    return new LabError(
      'environment',
      'agent-gone',
      `The agent in ${this.host} ended: ${this.#closed}`,
      `Was the container removed? "ftplab status" shows the lab, "ftplab up" repairs it.`,
    );
  }
}

import type { ConnectionEvidence } from '../../model/evidence.ts';
import type { AgentConnection } from '../agent-connection.ts';
import { endsOfFrame } from './frame.ts';
import { readPcap } from './pcap.ts';
import { pcapng } from './pcapng.ts';

/** Bytes kept per frame: enough for whole FTP lines and the start of data packets. */
export const snapLength = 512;

/** A firewall, under the name that its packets get. */
interface Captured {
  readonly name: string;
  readonly agent: AgentConnection;
}

/** Captures what passes the firewalls, on both sides of each, during an attempt. */
export class Capture {
  readonly #firewalls: readonly Captured[];
  readonly #key: string;

  private constructor(firewalls: readonly Captured[], key: string) {
    this.#firewalls = firewalls;
    this.#key = key;
  }

  /** Resolves when every packet of these addresses is captured. `key` is unique to the attempt. */
  static async start(
    firewalls: readonly Captured[],
    key: string,
    addresses: readonly string[],
  ): Promise<Capture> {
    const capture = new Capture(firewalls, key);
    try {
      await Promise.all(firewalls.map(({ agent }) => agent.startCapture(key, addresses, snapLength)));
      return capture;
    } catch (error) {
      await capture.#stop().catch(() => undefined);
      throw error;
    }
  }

  /**
   * Ends the capture; returns the packets of the given connections as pcapng, with one interface for each side of a
   * firewall.
   */
  async finish(connections: readonly ConnectionEvidence[]): Promise<Buffer> {
    const own = new Set(connections.flatMap(pairsOf));
    const vantages = (await this.#stop()).flatMap(({ name, files }) =>
      Object.entries(files).map(([side, file]) => ({
        name: `${name} ${side}`,
        frames: readPcap(Buffer.from(file, 'base64')).filter(({ bytes }) => {
          const ends = endsOfFrame(bytes);
          return ends !== undefined && own.has(pairOf(ends.source, ends.destination));
        }),
      })),
    );
    return pcapng(vantages, snapLength);
  }

  #stop() {
    return Promise.all(
      this.#firewalls.map(async ({ name, agent }) => ({ name, files: await agent.stopCapture(this.#key) })),
    );
  }
}

/** Every pair of ends that a connection's packets had, before and after address translation. */
function pairsOf({ source, destination, packets }: ConnectionEvidence): string[] {
  const seen = packets.flatMap((packet) => {
    const { protocol, translated } = packet;
    const ends = protocol === 'tcp' ? [packet, ...(translated ? [translated] : [])] : [];
    return ends.map((end) => pairOf(end.source, end.destination));
  });
  return source === null ? seen : [pairOf(source, destination), ...seen];
}

function pairOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

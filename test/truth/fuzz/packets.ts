import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, HostOfLab, HostProcess } from '../../../lab/engine/engine.ts';

/** On which side of the firewall a packet was captured. */
export type Side = 'inside' | 'outside';

/** A packet as tcpdump(8) saw it on one interface of the firewall. */
export interface Captured {
  readonly side: Side;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly at: number;
  readonly protocol: 'tcp' | 'icmp';
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: number;
  readonly ack: number;
  /** `S`, `SA`, `A`, `PA`, `FA`, `R`, ...; of ICMP its type. */
  readonly flags: string;
  /** Bytes of payload, by the IP header. */
  readonly length: number;
  /** The beginning of the payload. */
  readonly text: string;
  /** Of an ICMP error: the ports of the packet that it is about. */
  readonly about: { readonly sourcePort: number; readonly destinationPort: number } | null;
}

/** No line of tcpdump's for so long, in milliseconds: all of them have arrived. */
const quietMs = 400;

const flagNames: readonly (readonly [number, string])[] = [
  [0x02, 'S'],
  [0x01, 'F'],
  [0x04, 'R'],
  [0x08, 'P'],
  [0x10, 'A'],
];

/** Reads an IPv4 packet; `undefined` for what is neither TCP nor an ICMP error. */
export function parsePacket(side: Side, at: number, bytes: Buffer): Captured | undefined {
  if (bytes.length < 20 || bytes.readUInt8(0) >> 4 !== 4) return undefined;
  const header = (bytes.readUInt8(0) & 15) * 4;
  const total = bytes.readUInt16BE(2) || bytes.length;
  const address = (offset: number) => [...bytes.subarray(offset, offset + 4)].join('.');
  const ends = { side, at, source: address(12), destination: address(16) };
  const rest = bytes.subarray(header);
  if (bytes.readUInt8(9) === 6 && rest.length >= 20) {
    const offset = (rest.readUInt8(12) >> 4) * 4;
    const bits = rest.readUInt8(13);
    return {
      ...ends,
      protocol: 'tcp',
      sourcePort: rest.readUInt16BE(0),
      destinationPort: rest.readUInt16BE(2),
      seq: rest.readUInt32BE(4),
      ack: rest.readUInt32BE(8),
      flags: flagNames
        .filter(([bit]) => (bits & bit) !== 0)
        .map(([, name]) => name)
        .join(''),
      length: total - header - offset,
      text: rest.subarray(offset).toString('latin1'),
      about: null,
    };
  }
  if (bytes.readUInt8(9) !== 1 || rest.length < 36) return undefined;
  const type = rest.readUInt8(0);
  if (type !== 3 && type !== 11) return undefined;
  const inner = rest.subarray(8 + (rest.readUInt8(8) & 15) * 4);
  if (inner.length < 4) return undefined;
  return {
    ...ends,
    protocol: 'icmp',
    sourcePort: 0,
    destinationPort: 0,
    seq: 0,
    ack: 0,
    flags: String(type),
    length: 0,
    text: '',
    about: { sourcePort: inner.readUInt16BE(0), destinationPort: inner.readUInt16BE(2) },
  };
}

/** Two tcpdumps in a firewall, one at each interface. */
export class Captures implements AsyncDisposable {
  readonly packets: Captured[] = [];
  readonly #running: HostProcess[] = [];
  #lastLine = 0;
  /** Take in the last packet of each interface, which nothing follows. */
  readonly #finish: (() => void)[] = [];

  /** Resolves once both capture. */
  static async start(engine: Engine, at: HostOfLab, interfaces: Record<Side, string>): Promise<Captures> {
    const captures = new Captures();
    for (const side of ['inside', 'outside'] as const)
      await captures.#follow(engine, at, side, interfaces[side]);
    return captures;
  }

  async #follow(engine: Engine, at: HostOfLab, side: Side, name: string): Promise<void> {
    let time = 0;
    let hex = '';
    const finish = () => {
      const packet = hex === '' ? undefined : parsePacket(side, time, Buffer.from(hex, 'hex'));
      if (packet) this.packets.push(packet);
      hex = '';
    };
    this.#finish.push(finish);
    const onLine = (line: string) => {
      this.#lastLine = Date.now();
      const [, stamp] = /^(\d+\.\d+) /.exec(line) ?? [];
      if (stamp !== undefined) {
        finish();
        time = Number(stamp) * 1000;
        return;
      }
      const [, bytes = ''] = /^\s+0x[0-9a-f]+:\s+([0-9a-f ]+)$/.exec(line) ?? [];
      hex += bytes.replaceAll(' ', '');
    };
    const command = [
      'tcpdump',
      '--immediate-mode',
      '-l',
      '-n',
      '-tt',
      '-x',
      '-s',
      '200',
      // Megabytes pass, and the machine may be busy. In KiB.
      '-B',
      '32768',
      '-Z',
      'root',
      '-i',
      name,
      'tcp or icmp',
    ];
    const process = await engine.open(at, command, onLine);
    this.#running.push(process);
    const deadline = Date.now() + 10_000;
    while (!process.stderr().includes('listening on')) {
      if (Date.now() > deadline) throw new Error(`tcpdump does not listen on ${name}: ${process.stderr()}`);
      await delay(20);
    }
  }

  /** Waits until what passed so far has been read. */
  async settle(): Promise<void> {
    do await delay(quietMs);
    while (Date.now() - this.#lastLine < quietMs);
    for (const finish of this.#finish) finish();
  }

  /** Forgets what was captured so far. */
  clear(): void {
    this.packets.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((process) => process.close()));
  }
}

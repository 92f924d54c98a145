import { appendFileSync } from 'node:fs';
import { readPacket } from '../agent/tracer/trace-log.ts';
import type { Engine, HostOfLab } from '../engine/engine.ts';
import type { TracedPacket } from '../model/packet.ts';
import { isaLogEntry, isaLogHeading, isaLogLine } from '../report/text/isa-log.ts';
import type { Context } from './context.ts';

/** Which entries, and where to. */
export interface LogsOptions {
  readonly follow?: true;
  readonly tail: number;
  readonly json?: string;
}

/** Log lines per entry, usually: answers, resets and the lines that open data connections are not entries of their own. */
const linesPerEntry = 10;

/** What of the log's end has that many entries, or the whole log: packets that are sent again are lines without an entry. */
async function endOfLog(engine: Engine, at: HostOfLab, entries: number): Promise<TracedPacket[]> {
  for (let wanted = entries * linesPerEntry; ; wanted *= linesPerEntry) {
    const lines = await engine.readLog(at, wanted);
    const packets = packetsOf(lines);
    if (lines.length < wanted || packets.filter(isaLogEntry).length >= entries) return packets;
  }
}

/** Shows what a firewall decided: the last entries of its log and, with `follow`, those to come. */
export async function showLog(
  engine: Engine,
  at: HostOfLab,
  context: Context,
  options: LogsOptions,
): Promise<void> {
  const { output, interruption } = context;
  const { json } = options;
  const print = (packet: TracedPacket) => {
    const entry = isaLogEntry(packet);
    if (!entry) return;
    if (json !== undefined && json !== '-') appendFileSync(json, `${JSON.stringify(entry)}\n`);
    output.result(json === '-' ? JSON.stringify(entry) : isaLogLine(entry, output.style));
  };
  const arrived: TracedPacket[] = [];
  let arrive = (packet: TracedPacket) => {
    arrived.push(packet);
  };
  // Attached before the past is read, so that nothing is missed in between.
  const following = options.follow
    ? await engine.follow(
        at,
        (line) => {
          const packet = readPacket(line);
          if (packet) arrive(packet);
        },
        AbortSignal.any([interruption.signal, output.unread]),
      )
    : undefined;
  const past = await endOfLog(engine, at, options.tail);
  const logged = past.filter((packet) => isaLogEntry(packet) !== undefined).slice(-options.tail);
  const heading = isaLogHeading(output.style);
  if (json !== '-' && heading !== '') output.result(heading);
  for (const packet of logged) print(packet);
  const known = new Set(past.map(identity));
  for (const packet of arrived) if (!known.has(identity(packet))) print(packet);
  arrive = print;
  await following?.closed;
}

function packetsOf(lines: readonly string[]): TracedPacket[] {
  return lines.map(readPacket).filter((packet) => packet !== undefined);
}

function identity({ at, source, destination, decision }: TracedPacket): string {
  return [at, source, destination, decision?.table, decision?.action].join(' ');
}

import { bookmarkAddress, type Decision, ftpFilterTable, type RuleMet, type TracedPacket } from '../trace.ts';

/** The text of a rule in force, by its handle. `undefined` for a rule that is no longer there. */
export type RuleText = (table: string, chain: string, handle: number) => string | undefined;

/** A packet before it is decided. */
type OpenPacket = Pick<TracedPacket, 'protocol' | 'source' | 'destination' | 'flags'> & {
  readonly met: RuleMet[];
};

const traceLine = /^trace id (\w+) ip (\S+) (\S+) (.*?)\s*$/;
const header =
  /^packet: .*?\bip saddr (\S+) ip daddr (\S+) .*?\btcp sport (\d+) tcp dport (\d+) tcp flags == (\w+)/;
const bookmarkHeader = new RegExp(`^packet: .*\\bip daddr ${bookmarkAddress} .*\\budp dport (\\d+)`);
const rule = /^(?:unknown )?rule (?:.*# )?handle (\d+) \(verdict (.+?)\)$/;
const policy = /^policy (\w+)$/;

/** The number of a bookmark that the line shows, or `undefined`. */
export function bookmarkIn(line: string): number | undefined {
  const [, number] = bookmarkHeader.exec(traceLine.exec(line)?.[4] ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Packets kept although nothing decided them, such as those that leave by a chain that is not traced. */
const openPackets = 1000;

/**
 * Turns the lines of `nft -a -n monitor` (nft(8), "MONITOR") into packets. A packet is reported as soon as it is decided:
 * at a drop anywhere, at an accept in the filter table (a later drop in another table is then reported as well), and
 * where the FTP access filter spoils its command.
 */
export class TraceParser {
  readonly #open = new Map<string, OpenPacket>();

  constructor(
    readonly ruleText: RuleText,
    readonly now: () => string,
  ) {}

  /** Feeds one line; returns the packet that it decides, if any. Lines of another form are ignored. */
  feed(line: string): TracedPacket | undefined {
    const [, id, table = '', chain = '', rest = ''] = traceLine.exec(line) ?? [];
    if (id === undefined) return undefined;
    const begins = header.exec(rest);
    if (begins) {
      this.#begin(id, begins);
      return undefined;
    }
    const packet = this.#open.get(id);
    const met = packet && this.#meets(table, chain, rest);
    if (!met) return undefined;
    packet.met.push(met);
    const dropped = met.verdict === 'drop';
    const accepted = met.verdict === 'accept' && table === 'filter';
    const spoilt = table === ftpFilterTable && met.rule !== null;
    if (dropped) this.#open.delete(id);
    if (!dropped && !accepted && !spoilt) return undefined;
    return { at: this.now(), ...packet, met: [...packet.met], decision: decisionOf(met) };
  }

  #begin(id: string, [, from, to, sourcePort, destinationPort, flags]: RegExpExecArray): void {
    if (this.#open.has(id)) return;
    if (this.#open.size >= openPackets) {
      const oldest = this.#open.keys().next();
      if (!oldest.done) this.#open.delete(oldest.value);
    }
    this.#open.set(id, {
      protocol: 'tcp',
      source: `${from}:${sourcePort}`,
      destination: `${to}:${destinationPort}`,
      flags: flagNames(Number(flags)),
      met: [],
    });
  }

  #meets(table: string, chain: string, rest: string): RuleMet | undefined {
    const [, ended] = policy.exec(rest) ?? [];
    if (ended) return { table, chain, rule: null, comment: null, verdict: ended };
    const [, handle, verdict] = rule.exec(rest) ?? [];
    if (!handle || !verdict) return undefined;
    const text = this.ruleText(table, chain, Number(handle)) ?? `rule ${handle} of chain ${chain}`;
    return { table, chain, rule: text, comment: commentOf(text), verdict };
  }
}

function decisionOf({ table, chain, rule, comment, verdict }: RuleMet): Decision {
  const rejects = rule !== null && /\s-j REJECT\b|\breject\b/.test(rule.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''));
  const action = verdict !== 'drop' ? 'accept' : rejects ? 'reject' : 'drop';
  return { action, table, chain, rule: comment ?? rule ?? `policy ${chain} ${verdict.toUpperCase()}` };
}

/** The comment of a rule in iptables-save form (`--comment x`) or nft's (`comment "x"`), unquoted. */
export function commentOf(text: string): string | null {
  const match = /(?:^|\s)(?:--comment|(?<!-m )comment) (?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(text);
  if (!match) return null;
  return match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? null;
}

/** TCP flags by bit (RFC 9293 section 3.1). */
function flagNames(bits: number): string {
  return ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_name, bit) => bits & (1 << bit)).join(' ');
}

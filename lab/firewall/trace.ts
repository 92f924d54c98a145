/**
 * Reads what `xtables-monitor --trace` (xtables-monitor(8)) prints of the packets that a firewall's trace table marks:
 * each rule that a packet met, and the one that decided.
 */

/** One rule, or one chain's policy, that a packet met. */
export interface RuleMet {
  readonly table: string;
  readonly chain: string;
  /** The rule as iptables prints it (`-A FORWARD ... -j DROP`), or `null` for a chain's policy. */
  readonly rule: string | null;
  readonly comment: string | null;
  /** `ACCEPT`, `DROP`, `CONTINUE`, `RETURN`, `JUMP ...`. */
  readonly verdict: string;
}

export interface Decision {
  readonly action: 'accept' | 'drop' | 'reject';
  readonly table: string;
  readonly chain: string;
  /** The deciding rule's comment, else its text, else `policy CHAIN VERDICT`. */
  readonly rule: string;
}

/** A packet on its way through a firewall. Endpoints are `address:port`, as they were when it came in. */
export interface TracedPacket {
  readonly id: string;
  readonly protocol: 'tcp';
  readonly source: string;
  readonly destination: string;
  /** TCP flags as the kernel logs them: `SYN`, `ACK SYN`, `ACK PSH`. */
  readonly flags: string;
  readonly met: readonly RuleMet[];
  readonly decision: Decision;
}

/** The table of the FTP access filter's Read Only; see policy/compile.ts. */
export const ftpFilterTable = 'ftp-filter';

type OpenPacket = Omit<TracedPacket, 'met' | 'decision'> & { readonly met: RuleMet[] };

const packetLine = /^PACKET: \d+ (\w+) .*?SRC=(\S+) DST=(\S+) .*?SPORT=(\d+) DPORT=(\d+) (.*?)\s*$/;
const traceLine = /^ ?TRACE: \d+ (\w+) ([^:\s]+):([^:\s]+):(?:rule:0x\w+:)?(policy:)?(\S+)(?:\s+(.*?))?\s*$/;

/** How many undecided packets are kept: those that left without a verdict in the filter table. */
const openPackets = 1000;

/**
 * Turns lines into packets. A packet is reported as soon as it is decided: at a drop anywhere, and at an accept in the
 * filter table (a drop that follows later, in mangle's or nat's POSTROUTING, is then reported as well).
 */
export class TraceParser {
  readonly #open = new Map<string, OpenPacket>();

  /** Feeds one line; returns the packet that it decides, if any. Lines of another form are ignored. */
  feed(line: string): TracedPacket | undefined {
    const header = packetLine.exec(line);
    if (header) {
      this.#begin(header);
      return undefined;
    }
    const step = traceLine.exec(line);
    return step ? this.#step(step) : undefined;
  }

  #begin([, id = '', from, to, sourcePort, destinationPort, flags = '']: RegExpExecArray): void {
    if (this.#open.has(id)) return;
    if (this.#open.size >= openPackets) {
      const oldest = this.#open.keys().next();
      if (!oldest.done) this.#open.delete(oldest.value);
    }
    const source = `${from}:${sourcePort}`;
    this.#open.set(id, {
      id,
      protocol: 'tcp',
      source,
      destination: `${to}:${destinationPort}`,
      flags,
      met: [],
    });
  }

  #step([, id = '', table = '', chain = '', policy, verdict = '', text]: RegExpExecArray):
    | TracedPacket
    | undefined {
    const packet = this.#open.get(id);
    if (!packet) return undefined;
    const rule = policy ? null : ruleText(text ?? '');
    const met: RuleMet = { table, chain, rule, comment: rule === null ? null : commentOf(rule), verdict };
    packet.met.push(met);
    const dropped = verdict === 'DROP';
    const accepted = verdict === 'ACCEPT' && table === 'filter';
    const rewritten = table === ftpFilterTable && rule !== null;
    if (dropped) this.#open.delete(id);
    if (!dropped && !accepted && !rewritten) return undefined;
    return { ...packet, met: [...packet.met], decision: decisionOf(met) };
  }
}

function decisionOf({ table, chain, rule, comment, verdict }: RuleMet): Decision {
  const action = verdict !== 'DROP' ? 'accept' : rule && /\s-j REJECT\b/.test(rule) ? 'reject' : 'drop';
  return { action, table, chain, rule: comment ?? rule ?? `policy ${chain} ${verdict}` };
}

/** Leaves out the family and table that xtables-monitor puts first, and joins no lines: `-A CHAIN ...`. */
function ruleText(text: string): string {
  return text.replace(/^-[46] /, '').replace(/^-t \S+ /, '');
}

/** The `--comment` of a rule in iptables-save form, unquoted. */
export function commentOf(rule: string): string | null {
  const match = /--comment (?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(rule);
  if (!match) return null;
  return match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? null;
}

/** Whether the packet is one whose upload command the FTP access filter spoilt, and under which access rule. */
export function readOnlyHit(packet: TracedPacket): string | null {
  const last = packet.met.at(-1);
  return last?.table === ftpFilterTable && last.rule !== null ? packet.decision.rule : null;
}

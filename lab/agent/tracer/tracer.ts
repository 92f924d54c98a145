import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { type OnReadOpts, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { hasIPv6 } from '../../has-ipv6.ts';
import { lineSplitter } from '../../line-splitter.ts';
import type { TracedPacket } from '../../model/packet.ts';
import { noRules } from '../../model/rule-set.ts';
import { ofIp6tables } from '../../policy/nft/table-name.ts';
import { loadRules } from '../firewall/load-rules.ts';
import { putBookmark } from '../firewall/put-bookmark.ts';
import { type BaseChainOf, baseChainsIn, isOfNft, tablesBeside } from './base-chains.ts';
import { lossCounters, movedReasons } from './kernel-losses.ts';
import { lossWatch } from './loss-watch.ts';
import { markings } from './marking.ts';
import { ruleKey, ruleTexts } from './rule-texts.ts';
import { bookmarkIn } from './trace-line.ts';
import { loadedBookmark, ownBookmark, type TraceNote, traceTable } from './trace-log.ts';
import { type RuleText, TraceParser, transit } from './trace-parser.ts';

/**
 * The main process of a firewall: has packets traced, and writes each to standard output, which is the firewall's
 * log; in a client or server (`onHost`) a process beside others: as it ends, which is with its standard input, it takes the rules with it. It reads the traced packets that `nft monitor` reports, and among them a bookmark for each change of rules, so a packet is never
 * explained by rules that came later. Of changed rules it is not told: nft 1.0.6 crashes as it prints that a ct timeout is deleted.
 */
export function traceToOutput(onHost = false): void {
  if (onHost) unmark();
  mark(onHost);
  let known: ReturnType<typeof rulesNow> | undefined;
  const rules = () => {
    known ??= rulesNow();
    return known;
  };
  const parser = new TraceParser(
    (table, chain, handle) => rules().textOf(table, chain, handle),
    () => Date.now(),
    onHost,
    (table, chain) => rules().baseChain(table, chain),
  );
  let counters = lossCounters();
  /** Writes what was lost, with what the kernel's counters say of it. */
  const writeLost = (packets: readonly TracedPacket[]) => {
    // What they counted of a packet on its way shall show when it turns out to be lost.
    if (packets.length === 0 && !parser.idle) return;
    const now = lossCounters();
    const [reason, ...others] = movedReasons(counters, now);
    counters = now;
    for (const packet of packets)
      write(reason !== undefined && others.length === 0 ? { ...packet, lostBy: reason } : packet);
  };
  const lookForLost = lossWatch(parser, () => void putBookmark(ownBookmark), lookForLostAfter);
  /** What is written at once: each write is a system call, and wakes whoever follows the log. */
  let told = '';
  const write = (line: TracedPacket | TraceNote) => {
    told += `${JSON.stringify(line)}\n`;
  };
  const writeOut = () => {
    if (told !== '') process.stdout.write(told);
    told = '';
  };
  const hear = (line: string) => {
    if (line.startsWith('# ERROR')) write({ lost: line });
    const bookmark = bookmarkIn(line);
    if (bookmark !== undefined) {
      writeLost(parser.lost());
      if (bookmark === loadedBookmark) known = undefined;
      else if (bookmark !== ownBookmark) write({ bookmark });
    }
    for (const packet of parser.feed(line)) write(packet);
    lookForLost();
  };
  const output = pipeTo(hear, writeOut, '/run/nft-monitor');
  const monitor = spawn('nft', ['-a', '-n', 'monitor', 'trace'], {
    stdio: ['ignore', output, 'inherit'],
    env: { ...process.env, LD_PRELOAD: '/usr/local/lib/lab-flush.so' },
  });
  closeSync(output);
  monitor.on('exit', (code, signal) => {
    process.stderr.write(`nft monitor ended with ${code ?? signal}\n`);
    process.exit(1);
  });
  if (onHost)
    process.stdin.resume().on('close', () => {
      monitor.removeAllListeners().kill('SIGKILL');
      loadRules(noRules);
      unmark();
      process.exit(0);
    });
}

/** The rules in force. */
function rulesNow(): { readonly textOf: RuleText; readonly baseChain: BaseChainOf } {
  const listing = run('nft', '-a', '-s', '-t', 'list', 'ruleset');
  // iptables-save would print a user's nft rules too, if they are such as it could have made.
  const beside = tablesBeside(listing).map((table) => table.split(' '));
  const written = (family: 'ip' | 'ip6') => {
    const tool = family === 'ip' ? 'iptables-save' : 'ip6tables-save';
    if (!isOfNft(listing)) return run(tool);
    const own = beside.flatMap(([of, name]) => (of === family && name !== undefined ? [name] : []));
    return own.map((name) => run(tool, '-t', name)).join('\n');
  };
  const texts = ruleTexts(written('ip'), listing);
  /** Read once a packet of IPv6 meets a rule. */
  let texts6: typeof texts | undefined;
  return {
    textOf(table, chain, handle) {
      const key = ruleKey(table, chain, handle);
      if (!table.startsWith(ofIp6tables)) return texts.get(key);
      texts6 ??= ruleTexts(written('ip6'), listing, ofIp6tables);
      return texts6.get(key);
    },
    baseChain: baseChainsIn(listing),
  };
}

/** After how long to look for packets that have not left, in milliseconds: longer than one takes to. */
const lookForLostAfter = transit + 5;

/** How long a trace may lie in the pipe before it is read, in milliseconds. */
const pauseMs = 2;

/**
 * A pipe's end to write to; `onLine` gets what is written, line by line; `onPause` is called after several. `nft monitor` writes line by
 * line (lab-flush.c): a reader that reads at once is woken hundreds of times per transfer.
 */
function pipeTo(onLine: (line: string) => void, onPause: () => void, path: string): number {
  rmSync(path, { force: true }); // of the container's life before a restart
  run('mkfifo', path);
  const lines = lineSplitter(onLine);
  const buffer = Buffer.alloc(65_536); // as much as a pipe holds, pipe(7)
  const onread: OnReadOpts = {
    buffer,
    callback(bytes) {
      lines.feed(buffer.subarray(0, bytes));
      onPause();
      setTimeout(() => input.resume(), pauseMs);
      return false;
    },
  };
  // The types know `onread` of a connection alone.
  const options = { fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), onread };
  const input = new Socket(options);
  return openSync(path, constants.O_WRONLY);
}

/** Loads of each part the first alternative that this kernel accepts; if it accepts none, the log says so. */
function mark(onHost: boolean): void {
  const interfaces = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  const parts = markings(interfaces, onHost, traceVersions());
  const load = (input: string) => spawnSync('nft', ['-f', '-'], { input, encoding: 'utf8' });
  // Most kernels accept all that is preferred, in one go.
  if (load(parts.map(([preferred]) => preferred).join('\n')).status === 0) return;
  for (const [index, alternatives] of parts.entries()) {
    const refusals: string[] = [];
    const taken = alternatives.some((input) => {
      const { status, stderr } = load(input);
      refusals.push(stderr);
      return status === 0;
    });
    if (taken) continue;
    // Without the first part nothing would be traced at all.
    if (index === 0) throw new Error(`Packets cannot be traced: ${refusals.join('\n')}`);
    process.stderr.write(`Not traced on this kernel: ${refusals.join('\n')}\n`);
  }
}

/** The versions of IP that this kernel has. */
function traceVersions(): ('ip' | 'ip6')[] {
  return hasIPv6() ? ['ip', 'ip6'] : ['ip'];
}

/** Takes away what {@link mark} made. */
function unmark(): void {
  const tables = [...traceVersions().map((ip) => `${ip} ${traceTable}`), `netdev ${traceTable}`];
  // Adding before deleting makes the delete succeed whether or not the table is there (nft(8), "delete").
  run('nft', tables.map((table) => `table ${table}; delete table ${table}`).join('; '));
}

function run(command: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return stdout;
}

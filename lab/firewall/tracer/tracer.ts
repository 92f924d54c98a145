import { spawn, spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import type { TracedPacket, TraceNote } from '../trace.ts';
import { markings } from './marking.ts';
import { ruleKey, ruleTexts } from './rule-texts.ts';
import { bookmarkIn } from './trace-line.ts';
import { TraceParser } from './trace-parser.ts';

/**
 * The main process of a firewall's container: has packets traced, and writes each to standard output, which is the
 * container's log. It follows `nft monitor`, which tells of traced packets and of changed rules in one order, so that a
 * packet is never explained by the rules of another moment.
 */
export function traceToOutput(): void {
  mark();
  let texts: Map<string, string> | undefined;
  const parser = new TraceParser(
    (table, chain, handle) => {
      texts ??= ruleTexts(run('iptables-save'), run('nft', '-a', 'list', 'ruleset'));
      return texts.get(ruleKey(table, chain, handle));
    },
    () => Date.now(),
  );
  const monitor = spawn('nft', ['-a', '-n', 'monitor'], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: monitor.stdout }).on('line', (line) => {
    if (line.startsWith('# new generation')) texts = undefined;
    else if (line.startsWith('# ERROR')) write({ lost: line });
    const bookmark = bookmarkIn(line);
    if (bookmark !== undefined) {
      for (const packet of parser.lost()) write(packet);
      write({ bookmark });
    }
    for (const packet of parser.feed(line)) write(packet);
  });
  monitor.on('exit', (code, signal) => {
    process.stderr.write(`nft monitor ended with ${code ?? signal}\n`);
    process.exit(1);
  });
}

/** Loads, of each part, the first alternative that this kernel takes; of what it takes none of, the log says so. */
function mark(): void {
  const interfaces = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  for (const [index, alternatives] of markings(interfaces).entries()) {
    const refusals: string[] = [];
    const taken = alternatives.some((input) => {
      const { status, stderr } = spawnSync('nft', ['-f', '-'], { input, encoding: 'utf8' });
      refusals.push(stderr);
      return status === 0;
    });
    if (taken) continue;
    // Without the first part nothing would be traced at all.
    if (index === 0) throw new Error(`Packets cannot be traced: ${refusals.join('\n')}`);
    process.stderr.write(`Not traced on this kernel: ${refusals.join('\n')}\n`);
  }
}

function write(line: TracedPacket | TraceNote): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function run(command: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return stdout;
}

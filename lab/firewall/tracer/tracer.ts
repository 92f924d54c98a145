import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TracedPacket, TraceNote } from '../trace.ts';
import { ruleKey, ruleTexts } from './rule-texts.ts';
import { bookmarkIn, TraceParser } from './trace-parser.ts';

/**
 * The main process of a firewall's container: writes each traced packet to standard output, which is the container's
 * log. It follows `nft monitor`, which tells of traced packets and of changed rules in one order, so that a packet is
 * never explained by the rules of another moment.
 */
export function traceToOutput(): void {
  let texts: Map<string, string> | undefined;
  const parser = new TraceParser(
    (table, chain, handle) => {
      texts ??= ruleTexts(output('iptables-save'), output('nft', '-a', 'list', 'ruleset'));
      return texts.get(ruleKey(table, chain, handle));
    },
    () => new Date().toISOString(),
  );
  const monitor = spawn('nft', ['-a', '-n', 'monitor'], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: monitor.stdout }).on('line', (line) => {
    if (line.startsWith('# new generation')) texts = undefined;
    else if (line.startsWith('# ERROR')) write({ lost: line });
    const bookmark = bookmarkIn(line);
    if (bookmark !== undefined) write({ bookmark });
    const packet = parser.feed(line);
    if (packet) write(packet);
  });
  monitor.on('exit', (code, signal) => {
    process.stderr.write(`nft monitor ended with ${code ?? signal}\n`);
    process.exit(1);
  });
}

function write(line: TracedPacket | TraceNote): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function output(command: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return stdout;
}

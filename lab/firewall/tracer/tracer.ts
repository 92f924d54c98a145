import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ruleKey, ruleTexts } from './rule-texts.ts';
import { TraceParser } from './trace-parser.ts';

/**
 * The main process of a firewall's container: writes each traced packet to standard output, which is the container's
 * log. It follows `nft monitor`, which tells of traced packets and of changed rules in one order, so that a packet is
 * never explained by the rules of another moment. Where the kernel had to leave out events, standard error says so.
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
    else if (line.startsWith('# ERROR')) process.stderr.write(`${line}\n`);
    const packet = parser.feed(line);
    if (packet) process.stdout.write(`${JSON.stringify(packet)}\n`);
  });
  monitor.on('exit', (code, signal) => {
    process.stderr.write(`nft monitor ended with ${code ?? signal}\n`);
    process.exit(1);
  });
}

function output(command: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return stdout;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A capture under way: a tcpdump(8) for each interface. */
interface Running {
  readonly folder: string;
  readonly dumps: readonly { readonly name: string; readonly child: ChildProcess }[];
}

const running = new Map<string, Running>();

/** How long to wait for the last packets to reach tcpdump, in milliseconds. */
const settle = 100;

/**
 * Captures TCP and ICMP, of both versions, of the given addresses on every interface. Resolves when every tcpdump is capturing. Runs in a
 * firewall.
 */
export async function startCapture(
  key: string,
  addresses: readonly string[],
  snapLength: number,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'capture-'));
  const filter = `(tcp or icmp or icmp6) and (${addresses.map((address) => `host ${address}`).join(' or ')})`;
  const names = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  const dumps = names.map((name) => {
    const file = join(folder, `${name}.pcap`);
    const options = ['--immediate-mode', '-n', '-U', '-Z', 'root', '-s', String(snapLength)];
    const child = spawn('tcpdump', [...options, '-i', name, '-w', file, filter], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return { name, child };
  });
  running.set(key, { folder, dumps });
  await Promise.all(dumps.map(({ child }) => listening(child)));
}

/** Ends a capture: files in tcpdump's format, in base64, by interface. */
export async function stopCapture(key: string): Promise<Record<string, string>> {
  const capture = running.get(key);
  if (!capture) return {};
  running.delete(key);
  await delay(settle);
  const files = await Promise.all(
    capture.dumps.map(async ({ name, child }) => {
      if (child.exitCode === null && child.kill('SIGINT')) await once(child, 'close');
      const file = await readFile(join(capture.folder, `${name}.pcap`));
      return [name, file.toString('base64')] as const;
    }),
  );
  await rm(capture.folder, { recursive: true });
  return Object.fromEntries(files);
}

/** tcpdump says so on standard error once its filter is in force. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('listening on')) resolve();
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`tcpdump ended with ${code}: ${said.trim()}`)));
  });
}

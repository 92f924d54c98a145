/* What the machine of an FTP server shows to whoever is on it. Read only; nothing is sent anywhere. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { traceTable } from '../agent/tracer/trace-log.ts';
import type { ListeningSocket, Machine } from '../verdict/server-side/host-facts.ts';

/** Looks at this machine, or at the one whose /proc and /sys are under `root`. What cannot be read counts as not there. */
export function lookAtMachine(): Machine {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map((each) => ({ name, ...each })),
  );
  const modules = textOf('/proc/modules');
  const loaded = existsSync('/sys/module/nf_conntrack_ftp') || /^nf_conntrack_ftp /m.test(modules ?? '');
  return {
    addresses: all.map(({ address }) => address),
    interfaces: [...new Set(all.map(({ name }) => name))],
    listening: [
      ...listeningIn(textOf('/proc/net/tcp') ?? ''),
      ...listeningIn(textOf('/proc/net/tcp6') ?? ''),
    ],
    helperLoaded: loaded ? true : modules === undefined ? null : false,
    helperByItself: textOf('/proc/sys/net/netfilter/nf_conntrack_helper')?.trim() === '1',
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * The listening sockets in a text of /proc/net/tcp or tcp6 (proc(5)): state 0A, addresses as words of the machine's byte order, which
 * is taken for little-endian. A socket on `::` counts as one on all IPv4 addresses, one on another IPv6 address is left out.
 */
export function listeningIn(text: string): ListeningSocket[] {
  return [...text.matchAll(/^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A /gm)].flatMap(
    ([, hex = '', port = '']) => {
      const mapped = /^(?:0{16}FFFF0000|0{24})([0-9A-F]{8})$/.exec(hex);
      const words = hex.length === 8 ? hex : mapped?.[1];
      // ::1 ends in a word of its own, 01000000.
      if (words === undefined || (hex.startsWith('0'.repeat(24)) && words !== '00000000')) return [];
      const bytes = (words.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16));
      return [{ address: bytes.join('.'), port: Number.parseInt(port, 16) }];
    },
  );
}

/** What a program printed, or why there is nothing to go by. */
export type Printed = { readonly text: string } | { readonly why: string };

/** What `iptables-save` printed of the rules in force, which only root may ask for. */
export function rulesInForce(): Promise<Printed> {
  return printed('iptables-save');
}

/** What an nft rule has that can keep a packet from where it goes (nft(8), "verdict statement" and after). */
const stopping = /\b(?:drop|reject|queue|dnat|redirect|tproxy|synproxy|notrack)\b/;

/** The tables of nft besides those that `iptables-save` prints, of which some rule may stop a packet; empty if nobody can tell. */
export async function tablesBeside(): Promise<string[]> {
  const tables = await printed('nft', 'list', 'tables');
  if ('why' in tables) return [];
  const beside = [...tables.text.matchAll(/^table (ip|inet) (\S+)$/gm)].filter(
    ([, family, name = '']) =>
      (family === 'inet' || !/^(?:raw|mangle|nat|filter|security)$/.test(name)) &&
      // The lab's own, on its hosts.
      name !== traceTable,
  );
  const found: string[] = [];
  for (const [, family = '', name = ''] of beside) {
    const table = await printed('nft', 'list', 'table', family, name);
    if ('why' in table || stopping.test(table.text)) found.push(`${family} ${name}`);
  }
  return found;
}

async function printed(program: string, ...args: string[]): Promise<Printed> {
  const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      env: { ...process.env, PATH, LC_ALL: 'C' },
      timeout: 10_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { text: stdout };
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT') return { why: `there is no ${program} here` };
    if (/permission denied|must be root|operation not permitted/i.test(stderr) || process.getuid?.() !== 0)
      return { why: `only root may run ${program}` };
    return { why: `${program} failed: ${stderr.trim().split('\n')[0] ?? ''}` };
  }
}

/** The FTP daemons that run here, by the name of their process, each once. */
export function runningDaemons(names: readonly string[]): string[] {
  const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const running = processes.map((pid) => textOf(`/proc/${pid}/comm`)?.trim() ?? '');
  return names.filter((name) => running.includes(name));
}

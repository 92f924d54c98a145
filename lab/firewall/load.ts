import { spawnSync } from 'node:child_process';
import type { LoadResult } from '../ftp/attempt.ts';
import { idleTimeoutTable } from '../policy/idle-timeout.ts';
import { ftpFilterTable } from './trace.ts';

/** `iptables-restore` input, and an `nft -f` companion that may be absent. */
interface Rules {
  readonly iptables: string;
  readonly nft: string | null;
}

/** What is in force by this process' doing, and how the kernel prints it. */
let inForce: (Rules & { readonly tables: ReadonlyMap<string, string>; readonly kernel: string }) | undefined;

/**
 * Puts rules in force in this network namespace, all or none: where iptables or nft refuses, what was in force before is
 * put back and their message returned. Then connection tracking is flushed, expectations included, so that no connection
 * of the former rules is an established one under the new ones. Runs in a firewall container, as root.
 */
export function loadRules(rules: Rules): LoadResult {
  const start = performance.now();
  const kernel = kernelRules();
  const known = inForce?.kernel === kernel ? inForce : undefined;
  const before: Rules = { iptables: withAllTables(kernel), nft: known ? known.nft : readCompanion() };
  const message = apply(
    known ? changedTables(rules.iptables, known.tables) : rules.iptables,
    rules.nft,
    before.nft,
  );
  inForce = undefined;
  if (message !== '') {
    const undone = apply(before.iptables, before.nft, '');
    if (undone) throw new Error(`The former rules could not be put back: ${undone}`);
  }
  const flushed = run('conntrack', ['-F']);
  if (flushed.failed) throw new Error(`Connection tracking could not be flushed: ${flushed.output}`);
  // Nobody waits for this; a request that comes meanwhile is read afterwards.
  if (message === '')
    setImmediate(() => {
      inForce = { ...rules, tables: tablesOf(rules.iptables), kernel: kernelRules() };
    });
  return { loaded: message === '', message, ms: Math.round((performance.now() - start) * 10) / 10 };
}

/** `iptables-save -c` and the companion with its counters. */
export function readCounters(): Rules {
  return { iptables: run('iptables-save', ['-c']).output, nft: readCompanion() };
}

/** A table in `iptables-restore` input, from `*name` to `COMMIT`. */
const tablePattern = /^\*(\S+)$[\s\S]*?^COMMIT$/gm;

/**
 * Rules without the tables that are in force as they are: committing a table costs the kernel some ten milliseconds, and
 * most rule sets differ in one. Their lines are left empty, so that iptables' messages name the right ones.
 */
function changedTables(iptables: string, tables: ReadonlyMap<string, string>): string {
  return iptables.replaceAll(tablePattern, (text, name) =>
    tables.get(name) === text ? text.replaceAll(/.+/g, '') : text,
  );
}

/** What iptables-save printed, with the tables that it leaves out since they do not exist yet. */
function withAllTables(saved: string): string {
  const present = tablesOf(saved);
  const missing = ['raw', 'mangle', 'nat', 'filter'].filter((name) => !present.has(name));
  return saved + missing.map((name) => `*${name}\nCOMMIT\n`).join('');
}

/** The text of each table. */
function tablesOf(iptables: string): Map<string, string> {
  return new Map([...iptables.matchAll(tablePattern)].map(([text, name = '']) => [name, text]));
}

/** Puts rules in force, the companion in place of `formerNft`. Returns '' where that worked, else the tool's message. */
function apply(iptables: string, nft: string | null, formerNft: string | null): string {
  if (/\S/.test(iptables)) {
    const restored = run('iptables-restore', ['--counters'], iptables);
    if (restored.failed) return restored.output;
  }
  if (nft === formerNft) return '';
  // Adding before deleting makes the delete succeed whether or not the table is there (nft(8), "delete"). Timeouts stay
  // without a rule that uses them: "nft monitor", version 1.0.6, crashes where one is deleted.
  const replace = [
    `table ip ${ftpFilterTable}`,
    `delete table ip ${ftpFilterTable}`,
    `table ip ${idleTimeoutTable}`,
    `flush table ip ${idleTimeoutTable}`,
    nft ?? '',
  ];
  const companion = run('nft', ['-f', '-'], replace.join('\n'));
  return companion.failed ? companion.output : '';
}

/** What is in force, without the comments that carry the time of day, and without counters. */
function kernelRules(): string {
  return run('iptables-save')
    .output.replace(/^#.*\n/gm, '')
    .replace(/\[\d+:\d+\]$/gm, '[0:0]');
}

function readCompanion(): string | null {
  const tables = [ftpFilterTable, idleTimeoutTable].map((table) =>
    run('nft', ['list', 'table', 'ip', table]),
  );
  const present = tables.filter(({ failed }) => !failed).map(({ output }) => output);
  return present.length > 0 ? present.join('\n') : null;
}

function run(command: string, args: string[] = [], input = ''): { failed: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 2 ** 28,
  });
  if (error) return { failed: true, output: `${command}: ${error.message}` };
  return status === 0
    ? { failed: false, output: stdout }
    : { failed: true, output: (stderr || stdout).trim() };
}

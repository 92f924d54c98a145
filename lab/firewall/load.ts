import { spawnSync } from 'node:child_process';
import type { LoadResult } from '../ftp/attempt.ts';
import { ftpFilterTable } from './trace.ts';

/** `iptables-restore` input, and an `nft -f` companion that may be absent. */
interface Rules {
  readonly iptables: string;
  readonly nft: string | null;
}

/** What was loaded last, and how the kernel then printed it. */
let last: { readonly tables: ReadonlyMap<string, string>; readonly kernel: string } | undefined;

/**
 * Puts rules in force in this network namespace, all or none: where iptables or nft refuses, what was in force before is
 * put back and their message returned. Then connection tracking and its expectations are flushed, so that no connection
 * of the former rules is an established one under the new ones. Runs in a firewall container, as root.
 */
export function loadRules(rules: Rules): LoadResult {
  const start = performance.now();
  const before: Rules = { iptables: kernelRules(), nft: readCompanion() };
  const message = apply(changedTables(rules.iptables, before.iptables), rules.nft, before.nft !== null);
  if (message === '') last = { tables: tablesOf(rules.iptables), kernel: kernelRules() };
  else {
    last = undefined;
    const undone = apply(before.iptables, before.nft, true);
    if (undone) throw new Error(`The former rules could not be put back: ${undone}`);
  }
  run('conntrack', ['-F']);
  run('conntrack', ['-F', 'expect']);
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
 * most rule sets differ in one. Their lines are left empty, so that iptables' messages name the right ones. What somebody
 * has changed by hand is loaded whole.
 */
function changedTables(iptables: string, kernel: string): string {
  if (last?.kernel !== kernel) return iptables;
  const { tables } = last;
  return iptables.replaceAll(tablePattern, (text, name) =>
    tables.get(name) === text ? text.replaceAll(/.+/g, '') : text,
  );
}

/** The text of each table. */
function tablesOf(iptables: string): Map<string, string> {
  return new Map([...iptables.matchAll(tablePattern)].map(([text, name = '']) => [name, text]));
}

/** Empty where it worked, else the tool's message. */
function apply(iptables: string, nft: string | null, companionInForce: boolean): string {
  const restored = run('iptables-restore', ['--counters'], iptables);
  if (restored.failed) return restored.output;
  if (nft === null && !companionInForce) return '';
  // Adding before deleting makes the delete succeed whether or not the table is there (nft(8), "delete").
  const replace = `table ip ${ftpFilterTable}\ndelete table ip ${ftpFilterTable}\n${nft ?? ''}`;
  const companion = run('nft', ['-f', '-'], replace);
  return companion.failed ? companion.output : '';
}

/** What is in force, without the comments that carry the time of day, and without counters. */
function kernelRules(): string {
  return run('iptables-save')
    .output.replace(/^#.*\n/gm, '')
    .replace(/\[\d+:\d+\]$/gm, '[0:0]');
}

function readCompanion(): string | null {
  const { failed, output } = run('nft', ['list', 'table', 'ip', ftpFilterTable]);
  return failed ? null : output;
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

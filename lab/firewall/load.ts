import { spawnSync } from 'node:child_process';
import type { LoadResult } from '../ftp/attempt.ts';

/** The nft table that holds the Read Only companion of a rule set. */
const companionTable = 'ftp-filter';

/**
 * Puts rules in force in this network namespace, all or none: where iptables or nft refuses, what was in force before is
 * put back and their message returned. Then connection tracking and its expectations are flushed, so that no connection
 * of the former rules is an established one under the new ones. Runs in a firewall container, as root.
 */
export function loadRules(rules: { readonly iptables: string; readonly nft: string | null }): LoadResult {
  const start = performance.now();
  const before = { iptables: run('iptables-save').output, nft: readCompanion() };
  const message = apply(rules);
  if (message) {
    const undone = apply(before);
    if (undone) throw new Error(`The former rules could not be put back: ${undone}`);
  }
  run('conntrack', ['-F']);
  run('conntrack', ['-F', 'expect']);
  return { loaded: message === '', message, ms: Math.round((performance.now() - start) * 10) / 10 };
}

/** `iptables-save -c` and the companion with its counters. */
export function readCounters(): { iptables: string; nft: string | null } {
  return { iptables: run('iptables-save', ['-c']).output, nft: readCompanion() };
}

/** Empty where it worked, else the tool's message. */
function apply(rules: { readonly iptables: string; readonly nft: string | null }): string {
  const iptables = run('iptables-restore', ['--counters'], rules.iptables);
  if (iptables.failed) return iptables.output;
  // Adding before deleting makes the delete succeed whether or not the table is there (nft(8), "delete").
  const replace = `table ip ${companionTable}\ndelete table ip ${companionTable}\n${rules.nft ?? ''}`;
  const nft = run('nft', ['-f', '-'], replace);
  return nft.failed ? nft.output : '';
}

function readCompanion(): string | null {
  const { failed, output } = run('nft', ['list', 'table', 'ip', companionTable]);
  return failed ? null : output;
}

function run(command: string, args: string[] = [], input = ''): { failed: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (error) return { failed: true, output: `${command}: ${error.message}` };
  return status === 0
    ? { failed: false, output: stdout }
    : { failed: true, output: (stderr || stdout).trim() };
}

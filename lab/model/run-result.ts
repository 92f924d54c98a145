import type { AddressPlan } from '../network/address-plan.ts';
import type { FirewallName } from '../network/topology.ts';
import type { CellResult } from './cell.ts';
import type { Exposure } from './exposure.ts';
import type { FirewallRules } from './rule-set.ts';
import type { Shard } from './shard.ts';

/** The circumstances of a run: the lab's addresses, and what its firewalls had loaded. */
export interface Setting {
  /** `null` where parts of the run were tried at different addresses. */
  readonly plan: AddressPlan | null;
  /** What the reader of the verdicts should know of the rules, a sentence each. */
  readonly notes?: readonly string[];
  readonly ruleSets: readonly {
    readonly name: string;
    /** What the rule set is to answer. */
    readonly question: string | null;
    /** Whether it is of a scenario that stages a cause. */
    readonly staged?: boolean;
    /** `null` where parts of the run had it loaded for different addresses. */
    readonly firewalls: Record<FirewallName, FirewallRules> | null;
  }[];
}

/** A scenario that this machine cannot stage. */
export interface SkippedScenario {
  readonly name: string;
  /** What the kernel, or iptables, said. */
  readonly reason: string;
}

/** What a run came to; also the document that `--json` writes. Times in milliseconds. */
export interface RunResult {
  readonly version: 1;
  readonly cells: readonly CellResult[];
  /** What the cells were tried under. */
  readonly setting?: Setting;
  /** What rule sets of the run let through besides, where that was measured. */
  readonly exposures?: readonly Exposure[];
  readonly summary: {
    readonly cells: number;
    /** Cells whose verdict was the expected one; cells without an expectation count neither way. */
    readonly asExpected: number;
    readonly ms: number;
    /** Why no verdict of this run counts (a control failed), or `null`. */
    readonly void: string | null;
    /** Scenarios that were not tried, since this kernel cannot load their rules. */
    readonly skipped: readonly SkippedScenario[];
    /** Which part of a run this is, where it is not whole. */
    readonly shard?: Shard;
    /** Time per phase: bringing the lab up, the cells, taking it down. */
    readonly phases: { readonly up: number; readonly cells: number; readonly down: number };
  };
}

/** The questions of a run's rule sets, by rule set name, as far as they were recorded. */
export function questionsOf({ setting }: Pick<RunResult, 'setting'>): Map<string, string> {
  return new Map(
    setting?.ruleSets.flatMap(({ name, question }) => (question === null ? [] : [[name, question]])),
  );
}

/** Names of a run's rule sets that stage causes, as far as they were recorded. */
export function stagedOf({ setting }: Pick<RunResult, 'setting'>): Set<string> {
  return new Set(setting?.ruleSets.filter(({ staged }) => staged).map(({ name }) => name));
}

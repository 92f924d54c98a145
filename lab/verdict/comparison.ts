import type { StepName } from '../model/attempt.ts';
import type { CellResult } from '../model/cell.ts';
import type { Exposure } from '../model/exposure.ts';
import type { FirewallRules, RuleSet } from '../model/rule-set.ts';
import type { FirewallName } from '../network/topology.ts';

/** What a user does in a session, each decided by one or two steps. */
export const aspects = ['login', 'LIST', 'STOR', 'RETR'] as const;
export type Aspect = (typeof aspects)[number];

/** `+` works now, `-` no longer works, `~` fails differently, `=` as before, `?` not decided before or after. */
export const signs = ['-', '?', '~', '+', '='] as const;
export type Sign = (typeof signs)[number];

/** Rules and what they came to: the uploads, and what the rules let through besides. */
export interface TriedRules {
  readonly name: string;
  /** `null` if they were not written as a rule set. */
  readonly ruleSet: RuleSet | null;
  readonly rules: Record<FirewallName, FirewallRules>;
  readonly cells: readonly CellResult[];
  readonly exposure: Exposure;
}

/** The same uploads and measurements under two rule sets. */
export interface Comparison {
  readonly before: TriedRules;
  readonly after: TriedRules;
}

/** One aspect of one cell, before and after. */
export interface Change {
  /** The cell without its rule set. */
  readonly path: string;
  readonly aspect: Aspect;
  readonly sign: Sign;
  readonly before: CellResult;
  readonly after: CellResult;
}

/** The cell's id without the rule set. */
export function pathOf({ id, ruleSet }: CellResult): string {
  return id.slice(ruleSet.length + 1);
}

/** Every aspect of every cell that was tried under both rule sets. */
export function compareCells(before: readonly CellResult[], after: readonly CellResult[]): Change[] {
  const later = new Map(after.map((cell) => [pathOf(cell), cell]));
  return before.flatMap((cell) => {
    const now = later.get(pathOf(cell));
    if (!now) return [];
    return aspects.map((aspect) => ({
      path: pathOf(cell),
      aspect,
      sign: signOf(aspect, cell, now),
      before: cell,
      after: now,
    }));
  });
}

/** The aspects that are not as before, as documents have them. */
export function changed(
  changes: readonly Change[],
): { readonly cell: string; readonly aspect: Aspect; readonly sign: Sign }[] {
  return changes
    .filter(({ sign }) => sign !== '=')
    .map(({ path, aspect, sign }) => ({ cell: path, aspect, sign }));
}

/** Whether nothing that worked broke, and everything could be decided. */
export function breaksNothing(changes: readonly Change[]): boolean {
  return changes.every(({ sign }) => sign !== '-' && sign !== '?');
}

function signOf(aspect: Aspect, before: CellResult, after: CellResult): Sign {
  const [worked, works] = [doesWork(aspect, before), doesWork(aspect, after)];
  // What works, works; only a failure can be undecided.
  if ([before, after].some((cell) => cell.verdict.cause === 'inconclusive' && !doesWork(aspect, cell)))
    return '?';
  if (worked && works) return '=';
  if (works) return '+';
  if (worked) return '-';
  return aspect === 'STOR' && failureOf(before) !== failureOf(after) ? '~' : '=';
}

const stepsOf: Record<Exclude<Aspect, 'STOR'>, readonly StepName[]> = {
  login: ['connect', 'login'],
  LIST: ['list'],
  RETR: ['retrieve'],
};

function doesWork(aspect: Aspect, { verdict, steps }: CellResult): boolean {
  if (aspect === 'STOR') return verdict.uploaded;
  return stepsOf[aspect].every((name) => steps.some((step) => step.name === name && step.outcome === 'ok'));
}

/** Why an upload fails, as far as it tells failures apart. */
function failureOf({ verdict: { cause, firewall, rule, failedAt } }: CellResult): string {
  return JSON.stringify([cause, firewall, rule, failedAt]);
}

import type { StepName } from '../model/attempt.ts';
import type { CellResult } from '../model/cell.ts';
import type { CellChange, ComparisonResult } from '../model/result/comparison.ts';
import { type Aspect, aspects, type Sign } from '../model/vocabulary.ts';

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

/** The aspects that changed, in the form that documents have. */
export function changed(changes: readonly Change[]): CellChange[] {
  return changes
    .filter(({ sign }) => sign !== '=')
    .map(({ path, aspect, sign }) => ({ cell: path, aspect, sign }));
}

/** Whether nothing that worked broke, and everything could be decided. */
export function breaksNothing(changes: readonly Change[]): boolean {
  return changes.every(({ sign }) => sign !== '-' && sign !== '?');
}

/** Whether nothing changed that was not meant to. */
export function isAsIntended({ changes, ports, holes }: NonNullable<ComparisonResult['intent']>): boolean {
  return changes.length + ports.length + holes.length === 0;
}

function signOf(aspect: Aspect, before: CellResult, after: CellResult): Sign {
  const [worked, works] = [doesWork(aspect, before), doesWork(aspect, after)];
  // If it works, it works; only a failure can be undecided.
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

/** Why an upload fails, as far as that distinguishes failures. */
function failureOf({ verdict: { cause, firewall, rule, failedAt } }: CellResult): string {
  return JSON.stringify([cause, firewall, rule, failedAt]);
}

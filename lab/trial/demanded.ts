import { LabError } from '../errors.ts';
import { type Attempt, attemptId } from '../model/cell.ts';
import { called, type Names, pathCalled } from '../model/names.ts';
import { isDecidedAt, isGateway, type RulesPlace } from '../network/topology.ts';
import { neededCells } from './needed-cells.ts';

/** What a user asks of rules, as {@link neededCells} takes it. Default: nothing. */
export interface DemandOptions {
  /** Uploads that must work. */
  readonly need?: readonly string[] | undefined;
  /** Uploads that must not work. */
  readonly forbid?: readonly string[] | undefined;
  /** What hosts are called as well. */
  readonly names?: Names | undefined;
}

/** Demands, and the attempts that show whether they are met. */
export interface Demanded {
  readonly need: string[];
  readonly forbid: string[];
  readonly attempts: readonly Attempt[];
}

/**
 * The demanded cells about which the rules at `only` decide, or those of any firewalls if it is null. Throws LabError `no-match` for a pattern that
 * selects none of them, `contradiction` for a cell that is needed and forbidden.
 */
export function demanded(
  { need = [], forbid = [], names }: DemandOptions,
  only: RulesPlace | null = null,
): Demanded {
  const needed = selected(need, only, names);
  const forbidden = selected(forbid, only, names);
  const both = [...needed.keys()].find((path) => forbidden.has(path));
  if (both !== undefined)
    throw new LabError(
      'usage',
      'contradiction',
      `${pathCalled(both, names)} is both needed and forbidden`,
      'Narrow --need or --forbid.',
    );
  return {
    need: [...needed.keys()],
    forbid: [...forbidden.keys()],
    attempts: [...needed.values(), ...forbidden.values()],
  };
}

/** Attempts without those that occur twice. */
export function withoutRepeats<Tried extends Attempt>(attempts: readonly Tried[]): Tried[] {
  return [...new Map(attempts.map((attempt) => [attemptId(attempt), attempt])).values()];
}

function selected(
  patterns: readonly string[],
  only: RulesPlace | null,
  names: Names | undefined,
): Map<string, Attempt> {
  return new Map(
    patterns.flatMap((pattern) => {
      const host = only === null || isGateway(only) ? null : only;
      const cells = [...neededCells([pattern], names, host)].filter(
        ([, { client, server }]) => only === null || isDecidedAt(only, client, server),
      );
      if (cells.length > 0) return cells;
      throw new LabError(
        'usage',
        'no-match',
        `No cell that matches "${pattern}" crosses ${only && called(only, names)} alone`,
        'Name other uploads, or another place by --on.',
      );
    }),
  );
}

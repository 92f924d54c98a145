import { LabError } from '../errors.ts';
import { cellId, type Expectation } from '../model/cell.ts';
import { called, idCalled, type Names } from '../model/names.ts';
import { cellsOf, type Scenario, withCells } from '../model/scenario.ts';
import { suggestionFor } from '../suggest.ts';

/**
 * The scenarios with the cells that at least one pattern matches; all of them without a pattern. A pattern is a path of
 * cell segments (`as-reported/y-server/vsftpd/pasv`), whole or from its start, or a single word that matches a scenario
 * or any segment; `*` stands for anything within a segment. Throws LabError `usage` if a pattern matches nothing.
 */
export function selectCells<Expected extends Expectation | null>(
  scenarios: readonly Scenario<Expected>[],
  patterns: readonly string[],
  names?: Names,
): Scenario<Expected>[] {
  if (patterns.length === 0) return [...scenarios];
  const empty = patterns.find((pattern) => pattern.trim() === '');
  if (empty !== undefined) throw matchesNothing(empty, scenarios, names);
  const matchers = patterns.map((pattern) => ({ pattern, matches: matcherOf(pattern, names), used: false }));
  const selected = scenarios.flatMap((scenario) => {
    const cells = cellsOf(scenario).filter(({ key }) => {
      let selects = false;
      for (const matcher of matchers)
        if (matcher.matches(scenario.name, cellId(key))) {
          matcher.used = true;
          selects = true;
        }
      return selects;
    });
    return cells.length === 0 ? [] : [withCells(scenario, cells)];
  });
  const unused = matchers.find(({ used }) => !used);
  if (unused) throw matchesNothing(unused.pattern, scenarios, names);
  return selected;
}

/** Whether a pattern matches a cell, given its scenario's name and its id. Hosts go by their `names` as well. */
export function matcherOf(pattern: string, names?: Names): (scenario: string, id: string) => boolean {
  const wanted = pattern.split('/').map(globOf);
  const fits = (glob: RegExp, segment: string) => glob.test(segment) || glob.test(called(segment, names));
  const [only] = wanted;
  if (wanted.length === 1 && only)
    return (scenario, id) => only.test(scenario) || id.split('/').some((segment) => fits(only, segment));
  return (_scenario, id) => {
    const segments = id.split('/');
    return (
      wanted.length <= segments.length && wanted.every((glob, index) => fits(glob, segments[index] ?? ''))
    );
  };
}

/** One segment as a regular expression; an empty one, as after a final slash, matches anything. */
function globOf(segment: string): RegExp {
  const escaped = segment.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped === '' ? '.*' : escaped}$`);
}

function matchesNothing(
  pattern: string,
  scenarios: readonly Scenario<Expectation | null>[],
  names: Names | undefined,
): LabError {
  return new LabError(
    'usage',
    'no-match',
    `Nothing matches "${pattern}"`,
    `${hintFor(pattern, scenarios, names)} "ftplab run --list" shows the scenarios.`,
  );
}

/** Suggests a word for the first segment that is unknown. */
function hintFor(
  pattern: string,
  scenarios: readonly Scenario<Expectation | null>[],
  callings: Names | undefined,
): string {
  const paths = scenarios.flatMap((scenario) =>
    cellsOf(scenario).map(({ key }) => idCalled(cellId(key), callings).split('/')),
  );
  const names = scenarios.map(({ name }) => name);
  const segments = pattern.split('/');
  if (segments.length === 1) {
    const words = [...new Set([...names, ...paths.flatMap((path) => path.slice(1))])];
    const meant = suggestionFor(pattern, words);
    return meant.startsWith('Did') ? meant : suggestionFor(pattern, names);
  }
  let left = paths;
  for (const [index, segment] of segments.entries()) {
    const glob = globOf(segment);
    const words = [...new Set(left.map((path) => path[index]).filter((word) => word !== undefined))];
    if (words.length === 0) return 'A cell is rule-set/client/server/mode.';
    const rest = left.filter((path) => glob.test(path[index] ?? ''));
    if (rest.length === 0) return `"${segment}": ${suggestionFor(segment, words)}`;
    left = rest;
  }
  return '';
}

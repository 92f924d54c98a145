/*
 * What a pull request is told about its rules: sentences beside lines of the user's own file. For each rule that decided, one.
 */
import { groupBy } from '../../group-by.ts';
import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { type Names, pathCalled } from '../../model/names.ts';
import type { ComparisonResult } from '../../model/result/comparison.ts';
import type { RuleUse } from '../../model/result/rule-use.ts';
import type { RunResult } from '../../model/run-result.ts';
import { isAsIntended, pathOf } from '../../verdict/comparison.ts';
import { cureFor } from '../../verdict/cures.ts';
import { changedLines, type Place, placeOf } from './place.ts';

/** A sentence about a line of a file. `error`: why the check fails; `notice`: what the reader should look at besides. */
export interface Annotation {
  readonly level: 'error' | 'notice';
  /** As the result names it; null if the rules are in no file. */
  readonly file: string | null;
  /** From 1; null if the whole file is meant. */
  readonly line: number | null;
  readonly title: string;
  readonly message: string;
}

/** Why a check fails for a cell; a sentence counts the cells of each kind. */
const reasons = {
  needed: ['needed upload does not work', 'needed uploads do not work'],
  forbidden: ['forbidden upload is not shown to be blocked', 'forbidden uploads are not shown to be blocked'],
  lost: ['upload no longer works', 'uploads no longer work'],
  unmeant: ['upload changes and was not meant to', 'uploads change and were not meant to'],
  unexpected: ['upload is not as expected', 'uploads are not as expected'],
  undecided: ['upload could not be decided', 'uploads could not be decided'],
} as const satisfies Record<string, readonly [one: string, more: string]>;

/** A cell for which a check fails. */
interface Wrong {
  readonly cell: CellResult;
  readonly why: keyof typeof reasons;
}

/** The texts of the files that a result is about, by the paths that it names. */
export type Texts = ReadonlyMap<string, string>;

/** What is wrong with the rules of a run or with the later rules of a comparison, most cells first. */
export function annotationsOf(result: RunResult | ComparisonResult, texts: Texts): Annotation[] {
  const { before, after, wrong } = judged(result);
  const file = after ?? null;
  const text = after === undefined ? undefined : texts.get(after);
  const former = before === undefined ? undefined : texts.get(before);
  const changes = text !== undefined && former !== undefined ? changedLines(former, text) : [];
  const places = wrong.map((one) => ({ ...one, place: placeOf(one.cell.verdict, text, changes) }));
  const groups = [...groupBy(places, ({ place, cell }) => JSON.stringify([place, cell.verdict.cause]))]
    .map(([, group]) => group)
    .sort((a, b) => b.length - a.length);
  const blamed = groups.map((group) => errorOf(group, file, result.names));
  const isChanged = ({ line }: Annotation) => changes.some((change) => change.line === line);
  const used = result.kind === 'comparison' ? Object.values(result.before.used ?? {}).flat() : [];
  return [
    ...blamed,
    ...(blamed.every(isChanged) ? [] : removals(changes, used, file)),
    ...others(result, file),
  ];
}

function errorOf(
  group: readonly (Wrong & { place: Place })[],
  file: string | null,
  names: Names | undefined,
): Annotation {
  const [first] = group;
  if (!first) throw new Error('A group has cells');
  const { ruleSet, verdict } = first.cell;
  const [path = '', ...others] = group.map(({ cell }) => pathCalled(pathOf(cell), names));
  const more = others.length - othersNamed;
  const counts = [...groupBy(group, ({ why }) => why)].map(
    ([why, own]) => `${own.length} ${reasons[why][own.length === 1 ? 0 : 1]}`,
  );
  return {
    level: 'error',
    file,
    line: first.place.line,
    title: list(counts),
    message: [
      verdict.sentence,
      ...(others.length === 0
        ? []
        : [`The same: ${others.slice(0, othersNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`]),
      ...(verdict.uploaded || verdict.cause === 'inconclusive' ? [] : [cureFor(verdict).sentence]),
      `Step by step, with the options of this check: ftplab explain ${file ?? ruleSet} ${path}`,
    ].join('\n'),
  };
}

/** How many cells a sentence names besides the first. */
const othersNamed = 5;

/** Rules that a change takes away and that decided about packets of these uploads before. */
function removals(
  changes: ReturnType<typeof changedLines>,
  used: readonly RuleUse[],
  file: string | null,
): Annotation[] {
  return changes.flatMap(({ line, removed }) => {
    const worked = removed.filter((rule) =>
      used.some((use) => use.line === rule.line && use.rule === rule.text && use.use !== 'never'),
    );
    if (worked.length === 0) return [];
    return [
      {
        level: 'notice' as const,
        file,
        line,
        title: 'Here a rule is gone that packets of these uploads met',
        message: worked.map((rule) => `Was line ${rule.line}: ${rule.text}`).join('\n'),
      },
    ];
  });
}

interface Judged {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly wrong: readonly Wrong[];
}

function judged(result: RunResult | ComparisonResult): Judged {
  if (result.kind === 'run') {
    const { demands } = result.summary;
    const isAsked = demands && demands.need.length + demands.forbid.length > 0;
    const rest = isAsked ? [] : result.cells;
    const unexpected = rest.filter(({ asExpected }) => asExpected === false);
    const undecided = rest.filter(
      ({ expected, verdict }) => expected === null && verdict.cause === 'inconclusive',
    );
    return {
      after: result.files[0]?.path,
      wrong: [
        ...asked(result.cells, demands),
        ...unexpected.map((cell) => ({ cell, why: 'unexpected' as const })),
        ...undecided.map((cell) => ({ cell, why: 'undecided' as const })),
      ],
    };
  }
  const { before, after, demands, intent, changes } = result;
  const bad = intent ? intent.changes : changes.filter(({ sign }) => sign === '-' || sign === '?');
  const known = new Map(after.cells.map((cell) => [pathOf(cell), cell]));
  const demanded = asked(after.cells, demands);
  const told = new Set(demanded.map(({ cell }) => pathOf(cell)));
  const rest = [...groupBy(bad, ({ cell }) => cell)].flatMap(([path, own]): Wrong[] => {
    const cell = known.get(path);
    if (!cell || told.has(path)) return [];
    const undecided = own.every(({ sign }) => sign === '?');
    const lost = own.some(({ sign }) => sign === '-');
    return [
      {
        cell,
        why: undecided ? 'undecided' : lost ? 'lost' : 'unmeant',
      },
    ];
  });
  return { before: before.file, after: after.file, wrong: [...demanded, ...rest] };
}

function asked(cells: readonly CellResult[], demands: RunResult['summary']['demands']): Wrong[] {
  if (!demands) return [];
  const of = (paths: readonly string[], why: Wrong['why']) =>
    cells.filter((cell) => paths.includes(pathOf(cell))).map((cell) => ({ cell, why }));
  return [...of(demands.unmet, 'needed'), ...of(demands.broken, 'forbidden')];
}

/** What fails a check besides cells: a run that does not count, ports that an intent does not allow. */
function others(result: RunResult | ComparisonResult, file: string | null): Annotation[] {
  const whole = (title: string, message: string) => [
    { level: 'error' as const, file, line: null, title, message },
  ];
  if (result.kind === 'run')
    return result.summary.void === null ? [] : whole('No verdict of this run counts', result.summary.void);
  const { intent } = result;
  if (!intent || isAsIntended({ ...intent, changes: [] })) return [];
  const { ports, holes, why } = intent;
  return whole(
    'Ports open or close that were not meant to',
    `${why}: ${ports.length} ways from host to host have other ports open${holes.length > 0 ? `, and the FTP helper opens ${holes.length} kinds of holes more` : ''}; the report lists them.`,
  );
}

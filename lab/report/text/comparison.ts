import { groupBy } from '../../group-by.ts';
import { firstOf, list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { isOverIPv6, lineName } from '../../model/exposure.ts';
import { called, type Names, pathCalled } from '../../model/names.ts';
import type { ComparisonResult, PortChange, TriedRules } from '../../model/result/comparison.ts';
import type { RulesNote } from '../../model/result/note.ts';
import { aspects, type Sign, signs } from '../../model/vocabulary.ts';
import { type Change, changed, compareCells, isAsIntended, pathOf } from '../../verdict/comparison.ts';
import { atSameLines, exposureChanges, totals } from '../../verdict/exposure-comparison.ts';
import { changesOn, firewallsOf, languageOf, titleOf } from '../sides.ts';
import { coverage } from './coverage.ts';
import { cureOf, firstOfEach } from './cures.ts';
import { demandsText } from './demands.ts';
import { notOverIPv6, portCount, portsText, tooBigTexts } from './exposure.ts';
import { holesInWords } from './holes.ts';
import { notesInWords } from './notes.ts';
import { ruleChangesText } from './rule-changes.ts';
import { ruleUseText } from './rule-use.ts';
import { signMeaning } from './sign-meaning.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/**
 * What a change of rules does to the uploads, and to the ports that are open besides. What is asked of a change comes last, since that
 * is what a terminal still shows: the changes of uploads, whether they are as asked, what cures those that are not, and what to look at.
 */
export function comparisonText(comparison: ComparisonResult, style: Style): string {
  const { before, after, intent, demands } = comparison;
  const [was, is] = atSameLines([before.exposure, after.exposure]).map(totals);
  const sums =
    was &&
    is &&
    `Exposure${[before, after].every(({ exposure }) => isOverIPv6(exposure)) ? ' over IPv4 and IPv6' : ''}: ${portCount(was.ports)} before, ${portCount(is.ports)} now; inbound ${was.inbound.toLocaleString('en-US')} before, ${is.inbound.toLocaleString('en-US')} now.`;
  return [
    ...[before, after].map((side) => limitsText(side, style)),
    rulesText(comparison, style),
    colorsOf(style).bold(wrap(`${titleOf(before)} before, ${titleOf(after)} now`, style.width)),
    ...(sums ? [wrap(sums, style.width)] : []),
    exposureChangesText(exposureChanges(before.exposure, after.exposure), style),
    ...over6Texts(comparison, style.names).map((text) => wrap(text, style.width, '  ')),
    '\n',
    changesText(compareCells(before.cells, after.cells), style),
    ...(demands ? [demandsText(demands, after.cells, style)] : []),
    ...(intent ? [intentText(intent, style)] : []),
    lookFurther(comparison, style),
  ]
    .filter((text) => text !== '')
    .map((text) => (text === '\n' ? '' : text))
    .join('\n');
}

/** What the measured ports leave open: that IPv6 was not measured, or, if it changes, which errors get through. */
export function over6Texts({ before, after }: ComparisonResult, names?: Names): string[] {
  const sides = [before.exposure, after.exposure] as const;
  if (!sides.every(isOverIPv6)) return [notOverIPv6];
  const [was, is] = sides.map((exposure) => tooBigTexts(exposure, names).join(' '));
  return was === is ? [] : [`Before: ${was}`, `Now: ${is}`];
}

/** What differs in rules that are written in iptables, or in nft. */
function rulesText(sides: ComparisonResult, style: Style): string {
  const language = languageOf(sides);
  if (language === 'isa' || language === 'mixed' || !sides.before.rules || !sides.after.rules) return '';
  return firewallsOf(sides)
    .flatMap((firewall) => {
      const changes = changesOn(sides, firewall);
      if (changes.length === 0) return [];
      return [`\nRules of ${called(firewall, style.names)}:`, ruleChangesText(changes, style), ''];
    })
    .join('\n');
}

/** What cures the uploads that fail though they worked or are needed, and the command that shows the first of them. */
function lookFurther({ before, after, demands, intent }: ComparisonResult, style: Style): string {
  const changes = intent ? intent.changes : changed(compareCells(before.cells, after.cells));
  const worse = changes.filter(({ sign }) => sign === '-' || sign === '?').map(({ cell }) => cell);
  const wrong = new Set([...(demands ? [...demands.unmet, ...demands.broken] : []), ...worse]);
  const failing = after.cells.filter((cell) => wrong.has(pathOf(cell)) && !cell.verdict.uploaded);
  const [first] = failing;
  if (!first) return '';
  const cures = firstOfEach(failing.map(({ verdict }) => verdict));
  return [
    ...cures
      .slice(0, curesShown)
      .map((verdict) => wrap(`What cures ${verdict.cause}: ${cureOf(verdict)}`, style.width, '  ')),
    wrap(`${pathCalled(pathOf(first), style.names)}: ${first.verdict.sentence}`, style.width, '  '),
    wrap(
      `Step by step: ftplab explain ${titleOf(after)} ${pathCalled(pathOf(first), style.names)}, with the same options.`,
      style.width,
      '  ',
    ),
  ].join('\n');
}

/** How many cures the last screen has room for. */
const curesShown = 2;

/** What the verdicts of one side say nothing about, in short. */
function limitsText({ name, notes = [], used = {} }: TriedRules, style: Style): string {
  const of = (...kinds: readonly RulesNote['kind'][]) => notes.filter(({ kind }) => kinds.includes(kind));
  const [doubts, lacks] = [of('can-matter').length, of('can-matter', 'cannot-matter').length];
  const uncertain = of('doubtful', 'not-in-force');
  const unmet = ruleUseText(used, style);
  return [
    ...(lacks === 0
      ? []
      : [
          wrap(
            `${name}: ${lacks} ${lacks === 1 ? 'kind' : 'kinds'} of rules cannot work in the lab as in production, ${doubts === 0 ? 'none of which can matter' : `${doubts} of which CAN MATTER`} to an upload; --json and the change request list them.`,
            style.width,
            '  ',
          ),
        ]),
    ...(uncertain.length === 0 ? [] : [`${name}:\n${notesInWords(uncertain, style)}`]),
    ...(unmet === '' ? [] : [`\n${wrap(`Under ${name}:`, style.width)}\n${unmet}`]),
  ].join('\n');
}

/** How many cells the screen names before it only counts the rest. */
const cellsShown = 10;

/** Whether all that changed was meant to, and what was not. */
function intentText(intent: NonNullable<ComparisonResult['intent']>, style: Style): string {
  const { why, changes, ports, holes } = intent;
  const colors = colorsOf(style);
  if (isAsIntended(intent))
    return `\n${colors.green(wrap(`Nothing changes except what is meant to (${why}).`, style.width, '  '))}`;
  const byCell = groupBy(changes, ({ cell, sign }) => `${sign} ${cell}`);
  return [
    `\n${colors.bold(colors.red(wrap(`NOT MEANT TO CHANGE (${why}):`, style.width, '  ')))}`,
    ...firstOf(
      [...byCell.values()].map((own) => cellText(own, style.names)),
      cellsShown,
      (more) => `and ${more} more cells, which --json lists`,
    ).map((text) => wrap(text, style.width, '    ')),
    ...(ports.length > 0 ? [exposureChangesText(ports, style)] : []),
    ...holesInWords(holes, style.names).map((hole) => wrap(`opens  ${hole}`, style.width, '    ')),
  ].join('\n');
}

function cellText(changes: NonNullable<ComparisonResult['intent']>['changes'], names?: Names): string {
  const [first] = changes;
  return first
    ? `${pathCalled(first.cell, names)}: ${list(changes.map(({ aspect }) => aspect))} ${signMeaning[first.sign]}`
    : '';
}

/**
 * What changes for the uploads, worst first: one line per kind of change, with the cells that it holds for. `shown`:
 * the signs to include; default all.
 */
export function changesText(
  changes: readonly Change[],
  style: Style,
  shown: readonly Sign[] = signs,
): string {
  const colors = colorsOf(style);
  const paint: Record<Sign, (text: string) => string> = {
    '-': (text) => colors.bold(colors.red(text)),
    '?': (text) => colors.bold(colors.yellow(text)),
    '~': colors.yellow,
    '+': colors.green,
    '=': colors.dim,
  };
  return changeLines(changes, style.names)
    .filter(({ sign }) => shown.includes(sign))
    .map(({ sign, text }) => paint[sign](wrap(`${sign} ${text}`, style.width, '    ')))
    .join('\n');
}

/** The same as data: sign and sentence. Aspects that change alike for the same cells share a sentence. */
export function changeLines(
  changes: readonly Change[],
  names: Names | undefined,
): { readonly sign: Sign; readonly text: string }[] {
  const all = [...new Map(changes.map((change) => [change.path, change.before])).values()];
  return signs.flatMap((sign) => {
    const own = changes.filter((change) => change.sign === sign);
    const byKind = groupBy(own, ({ aspect, before, after }) =>
      JSON.stringify([aspect, sign === '~' || sign === '-' ? [reasonOf(before), reasonOf(after)] : null]),
    );
    const kinds = [...byKind.values()];
    const together = groupBy(kinds, (kind) =>
      JSON.stringify([
        kind.map(({ path }) => path),
        kind[0] && (sign === '~' || sign === '-')
          ? [reasonOf(kind[0].before), reasonOf(kind[0].after)]
          : null,
      ]),
    );
    return [...together.values()].map((group) => {
      const kind = group[0] ?? [];
      const named = aspects.filter((aspect) => group.some((each) => each[0]?.aspect === aspect));
      return { sign, text: sentence(sign, named, kind, all, names) };
    });
  });
}

function sentence(
  sign: Sign,
  named: readonly string[],
  kind: readonly Change[],
  all: readonly CellResult[],
  names: Names | undefined,
): string {
  const where = coverage(
    kind.map(({ before }) => before),
    all,
    names,
  );
  const cells = `${kind.length} of ${all.length} cells${where === '' ? '' : `, ${where}`}`;
  const [first] = kind;
  const why =
    first && sign === '~'
      ? `, ${reasonOf(first.before)} before, ${reasonOf(first.after)} now`
      : first && sign === '-'
        ? `, ${reasonOf(first.after)}`
        : '';
  return `${list(named)}: ${signMeaning[sign]}${why} (${cells})`;
}

/**
 * A failure in a few words: the cause, and the firewall and rule. A refusal by the client's own firewall reads the same
 * whichever firewall that is.
 */
function reasonOf({ verdict: { cause, rule } }: CellResult): string {
  return rule === null ? cause : `${cause} by ${/\brule\b/i.test(rule) ? rule : `rule "${rule}"`}`;
}

/** Which ports open and close, one line per path; one sentence if none does. */
export function exposureChangesText(changes: readonly PortChange[], style: Style): string {
  if (changes.length === 0) return 'No port opens or closes.';
  const colors = colorsOf(style);
  return changes
    .flatMap(({ line, opened, closed }) => [
      ...(opened.length > 0
        ? [
            colors.yellow(
              wrap(`opens  ${lineName(line, style.names)}: ${portsText(opened)}`, style.width, '    '),
            ),
          ]
        : []),
      ...(closed.length > 0
        ? [
            colors.green(
              wrap(`closes ${lineName(line, style.names)}: ${portsText(closed)}`, style.width, '    '),
            ),
          ]
        : []),
    ])
    .join('\n');
}

import { groupBy } from '../../group-by.ts';
import { list } from '../../list.ts';
import { type CellResult, programOf, type Verdict } from '../../model/cell.ts';
import { called, firewallCalled, type Names } from '../../model/names.ts';
import { guardOf } from '../../network/topology.ts';
import { wayInWords } from '../../verdict/way.ts';
import { type Reach, reachOf } from '../reach.ts';
import { coverage } from './coverage.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** A rule set's results: its question (`null` if it has none) and one sentence per distinct outcome. */
export interface Answer {
  readonly ruleSet: string;
  readonly question: string | null;
  readonly outcomes: readonly { readonly text: string; readonly asExpected: boolean }[];
}

/**
 * The answer of each rule set among the cells. Each outcome says which cells it holds for and gives one of their
 * refused packets. `questions`: by rule set name; `names`: what hosts are called.
 */
export function answersOf(
  cells: readonly CellResult[],
  questions: ReadonlyMap<string, string>,
  names: Names | undefined,
): Answer[] {
  return [...groupBy(cells, (cell) => cell.ruleSet)].map(([ruleSet, own]) => ({
    ruleSet,
    question: questions.get(ruleSet) ?? null,
    outcomes: [...groupBy(own, outcomeKey).values()].map((alike) => ({
      text: answerOf(alike, own, names),
      asExpected: alike[0]?.asExpected !== false,
    })),
  }));
}

/** The answers as text. A rule set without a question shows only its name. */
export function answers(
  cells: readonly CellResult[],
  questions: ReadonlyMap<string, string>,
  style: Style,
): string {
  const colors = colorsOf(style);
  const blocks = answersOf(cells, questions, style.names).map(({ ruleSet, question, outcomes }) => {
    const [name = '', ...rest] = wrap(
      question === null ? `${ruleSet}:` : `${ruleSet}: ${question}`,
      style.width,
      '  ',
    ).split('\n');
    const heading = [colors.bold(ruleSet) + name.slice(ruleSet.length), ...rest].join('\n');
    const lines = outcomes.map(({ text, asExpected }) => {
      const line = wrap(`  ${text}`, style.width, '    ');
      return asExpected ? line : colors.bold(colors.red(line));
    });
    return [heading, ...lines].join('\n');
  });
  return blocks.join('\n');
}

/** Cells with equal keys share a line. A refusal by the client's own firewall counts as equal whichever firewall that is. */
function outcomeKey(cell: CellResult): string {
  const { cause, firewall, rule, way, astray } = cell.verdict;
  const own = firewall === guardOf(cell.client);
  return JSON.stringify([
    reachOf(cell),
    cause,
    own || firewall,
    rule,
    wayInWords(way),
    astray,
    cell.asExpected === false,
  ]);
}

function answerOf(alike: readonly CellResult[], all: readonly CellResult[], names?: Names): string {
  const example = alike.find((cell) => cell.client === reporter) ?? alike[0];
  if (!example) return '';
  const where = coverage(alike, all, names);
  const { packet, astray } = example.verdict;
  const by = [...new Set(alike.map((cell) => cell.verdict.firewall))]
    .filter((name) => name !== null)
    .sort()
    .map((name) => called(name, names));
  return [
    example.asExpected === false ? 'NOT AS EXPECTED: ' : '',
    where === '' ? '' : `${where}: `,
    phrase(reachOf(example), example.verdict, by),
    packet && !astray ? ` (${exampleName(example, names)}: ${denial(example.verdict, names)})` : '',
  ].join('');
}

function exampleName(cell: CellResult, names: Names | undefined): string {
  const ends = `${called(cell.client, names)} to ${called(cell.server, names)}`;
  return [ends, cell.mode, programOf(cell)].filter(Boolean).join(', ');
}

function denial({ firewall, packet }: Verdict, names: Names | undefined): string {
  return `${firewall && firewallCalled(firewall, names)} denied ${packet?.source} -> ${packet?.destination}`;
}

/** The client of the original report. Examples are taken from it if it is among the cells. */
const reporter = 'y-server';

/** One outcome in words: how far the client got, what was refused, and by which firewalls. */
function phrase(reach: Reach, verdict: Verdict, firewalls: readonly string[]): string {
  // No rule refused the packet: only the sentence says what became of it.
  if (verdict.cause === 'lab-bypassed' || verdict.astray) return verdict.sentence;
  const way = wayInWords(verdict.way);
  const place = way === '' ? '' : `, ${way}`;
  const rule = verdict.rule === null ? '' : ` ${ruleName(verdict.rule)}${place}`;
  const by =
    firewalls.length === 0 ? '' : ` by ${list(firewalls.map((name) => (rule ? `${name}'s` : name)))}${rule}`;
  switch (reach) {
    case 'up':
      return 'login works, upload works';
    case '?':
      return `inconclusive: ${verdict.sentence}`;
    case '-':
      return by === '' ? `cannot connect (${verdict.cause})` : `cannot connect, blocked${by}`;
    case 'conn':
      return `connects, login fails${by} (${verdict.cause})`;
    case 'small':
      return `login works, the small upload arrives, the large one fails${by} (${verdict.cause})`;
    case 'list':
      return `login and listing work, upload refused${by}${by === '' ? ` (${verdict.cause})` : ''}`;
    case 'login':
      return by === '' ? `login works, upload fails (${verdict.cause})` : `login works, upload blocked${by}`;
  }
}

/** Adds the word "rule" to a name that lacks it, so that the sentence reads well. */
function ruleName(rule: string): string {
  return /\brule\b/i.test(rule) ? rule : `rule "${rule}"`;
}

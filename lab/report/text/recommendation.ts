import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { type FirewallName, firewallNames } from '../../network/topology.ts';
import { pathOf } from '../../verdict/comparison.ts';
import type { Fix, Recommendation } from '../../verdict/recommendation.ts';
import { portCount } from './exposure.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What the recommendation is about. */
export interface Question {
  readonly before: string;
  /** The needed cells' paths. */
  readonly need: readonly string[];
  /** Steps in ISA's console per firewall from `before` to the first fix; `null` where they cannot be told. */
  readonly steps: Record<FirewallName, readonly string[]> | null;
  /** Firewalls that some needed cell crosses. */
  readonly onTheWay: readonly FirewallName[];
  /** The fix that costs are compared with, if it is among them: all high ports. */
  readonly yardstick: string;
}

/** The fixes, narrowest first, with what dominates them; then what does not do; then the answer. */
export function recommendationText(
  { fixes, failing, lines: measured }: Recommendation,
  question: Question,
  style: Style,
): string {
  const colors = colorsOf(style);
  const lines: string[] = [
    wrap(`Needed: an upload in ${needText(question.need)}.`, style.width, '  '),
    ...(fixes.length > 0
      ? [wrap(`Open ports are added up over the same ${measured} ways from host to host.`, style.width, '  ')]
      : []),
    '',
    ...fixes.map((fix, index) => {
      const line = wrap(`${index + 1}. ${fixText(fix)}`, style.width, '   ');
      return fix.dominatedBy === null ? line : colors.dim(line);
    }),
  ];
  for (const { name, cells } of failing) {
    const failed = cells.filter(({ verdict }) => !verdict.uploaded);
    lines.push(wrap(`-  ${name}: ${failingText(failed, cells.length)}`, style.width, '   '));
  }
  return [...lines, '', ...answer(fixes, question).map((line) => wrap(line, style.width, '  '))].join('\n');
}

function needText(need: readonly string[]): string {
  return need.length <= 4 ? list(need) : `${need.length} cells (${need.slice(0, 2).join(', ')}, ...)`;
}

function fixText({ name, ports, inbound, abuses, dominatedBy }: Fix): string {
  return [
    `${name}: ${portCount(ports)} open`,
    `${inbound.toLocaleString('en-US')} of them inbound`,
    ...(abuses > 0 ? [`DANGER: its FTP filter opens ${abuses} holes that nobody needs`] : []),
    ...(dominatedBy === null
      ? []
      : [`dominated by ${dominatedBy}, which lets through nothing else and less`]),
  ].join(', ');
}

function failingText(failed: readonly CellResult[], all: number): string {
  const [first] = failed;
  return `does not do, ${failed.length} of ${all} cells fail. ${first ? `${pathOf(first)}: ${first.verdict.sentence}` : ''}`;
}

function answer(fixes: readonly Fix[], { before, steps, yardstick, need, onTheWay }: Question): string[] {
  const [best] = fixes;
  if (!best) return [`No candidate meets the need (${need.join(', ')}).`];
  const wide = fixes.find(({ name }) => name === yardstick && name !== best.name);
  const changes = steps
    ? firewallNames.flatMap((name) => {
        const own = steps[name];
        const same = onTheWay.filter((other) => steps[other].join() === own.join());
        if (own.length === 0) return [];
        if (!onTheWay.includes(name))
          return [`${name} is on the way of nothing that is needed: it can stay as it is.`];
        if (same[0] !== name) return [];
        return [`On ${list(same)}:`, ...own.map((step) => `- ${step}`)];
      })
    : [];
  return [
    best.name === before
      ? `${before} meets the need as it is.`
      : `Recommended: ${best.name}${wide ? `. It leaves ${portCount(best.ports)} open where ${wide.name} leaves ${wide.ports.toLocaleString('en-US')}` : ''}.`,
    ...changes,
  ];
}

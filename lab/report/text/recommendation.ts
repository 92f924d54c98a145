import { list } from '../../list.ts';
import type { CellResult } from '../../model/cell.ts';
import { called, type Names, pathCalled } from '../../model/names.ts';
import type { Fix, Recommendation } from '../../model/result/recommendation.ts';
import { firewallNames } from '../../network/topology.ts';
import { pathOf } from '../../verdict/comparison.ts';
import { portCount } from './exposure.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** The fixes, narrowest first, each with the fix that dominates it; then those that fail; then the answer. */
export function recommendationText(recommendation: Recommendation, style: Style): string {
  const { fixes, failing, need, lines: measured } = recommendation;
  const colors = colorsOf(style);
  const lines: string[] = [
    wrap(
      `Needed: an upload in ${needText(need.map((path) => pathCalled(path, style.names)))}.`,
      style.width,
      '  ',
    ),
    ...(fixes.length > 0
      ? [wrap(`Open ports are summed over the same ${measured} paths from host to host.`, style.width, '  ')]
      : []),
    '',
    ...fixes.map((fix, index) => {
      const line = wrap(`${index + 1}. ${fixText(fix)}`, style.width, '   ');
      return fix.dominatedBy === null ? line : colors.dim(line);
    }),
  ];
  for (const { name, cells } of failing) {
    const failed = cells.filter(({ verdict }) => !verdict.uploaded);
    lines.push(wrap(`-  ${name}: ${failingText(failed, cells.length, style.names)}`, style.width, '   '));
  }
  return [
    ...lines,
    '',
    ...answer(recommendation, style.names).map((line) => wrap(line, style.width, '  ')),
  ].join('\n');
}

function needText(need: readonly string[]): string {
  return need.length <= 4 ? list(need) : `${need.length} cells (${list(need, 2)})`;
}

function fixText({ name, ports, inbound, abuses, opened, loses = [], dominatedBy }: Fix): string {
  return [
    ...(loses.length > 0
      ? [`${name} LOSES ${list(loses)}: ${portCount(ports)} open`]
      : [`${name}: ${portCount(ports)} open`]),
    `${inbound.toLocaleString('en-US')} of them inbound`,
    ...(opened === undefined ? [] : [`${opened.toLocaleString('en-US')} that are closed now`]),
    ...(abuses > 0 ? [`DANGER: its FTP filter opens ${abuses} ports that no upload needs`] : []),
    ...(dominatedBy === null ? [] : [`dominated by ${dominatedBy}, which opens only a part of these ports`]),
  ].join(', ');
}

function failingText(failed: readonly CellResult[], all: number, names?: Names): string {
  const [first] = failed;
  return `does not meet the need: ${failed.length} of ${all} cells fail. ${first ? `${pathCalled(pathOf(first), names)}: ${first.verdict.sentence}` : ''}`;
}

function answer(
  { fixes, before, file, steps, yardstick, need, onTheWay }: Recommendation,
  names: Names | undefined,
): string[] {
  const [best] = fixes;
  const mend =
    file === undefined
      ? []
      : [`"ftplab fix ${file}" looks for a patch that adds to the file and keeps all that works.`];
  if (!best)
    return [
      `No candidate meets the need (${need.map((path) => pathCalled(path, names)).join(', ')}).`,
      ...mend,
    ];
  if (best.loses?.length)
    return [
      `None is recommended: each would take away what ${file ?? before} has or lets through now, as said above.`,
      ...mend,
    ];
  const wide = fixes.find(({ name }) => name === yardstick && name !== best.name);
  const changes = steps
    ? firewallNames().flatMap((name) => {
        const own = steps[name] ?? [];
        const same = onTheWay.filter((other) => steps[other]?.join() === own.join());
        if (own.length === 0) return [];
        if (!onTheWay.includes(name))
          return [`No needed upload crosses ${called(name, names)}: it can stay as it is.`];
        if (same[0] !== name) return [];
        return [`On ${list(same.map((one) => called(one, names)))}:`, ...own.map((step) => `- ${step}`)];
      })
    : [];
  return [
    best.name === before
      ? `${before} already meets the need.`
      : `Recommended: ${best.name}${wide ? `. It leaves ${portCount(best.ports)} open; ${wide.name} leaves ${wide.ports.toLocaleString('en-US')}` : ''}.`,
    ...changes,
    ...mend,
  ];
}

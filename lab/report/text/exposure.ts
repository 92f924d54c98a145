import { duration } from '../../duration.ts';
import { groupBy } from '../../group-by.ts';
import { list } from '../../list.ts';
import {
  countOf,
  type Exposure,
  isInbound,
  lineName,
  type MeasuredLine,
  placesOf,
  rangesText,
  sourcePorts,
} from '../../model/exposure.ts';
import { called, firewallCalled, type Names } from '../../model/names.ts';
import { isLegitimate, type PinholeTest } from '../../model/pinhole.ts';
import type { RulesPlace } from '../../network/topology.ts';
import { holesInWords } from './holes.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What a rule set lets through: the open ports of each line, what the FTP filters open, and the totals. */
export function exposureText(exposure: Exposure, style: Style): string {
  const colors = colorsOf(style);
  const { ruleSet, lines, pinholes, summary } = exposure;
  const { names: callings } = style;
  const names = [...groupBy(lines, (line) => lineName(line, callings))];
  const width = Math.max(...names.map(([name]) => name.length)) + 2;
  const rows = names.map(([name, own]) => {
    const text = openText(own, callings);
    const row = wrap(`${name.padEnd(width)}${text}`, style.width, ' '.repeat(Math.min(width, 24)));
    // Joining a row's words again loses the alignment of columns.
    const aligned = name.padEnd(width) + row.slice(name.length + 1);
    const [first] = own;
    if (text === 'none') return colors.dim(aligned);
    return first && isInbound(first) ? colors.yellow(aligned) : aligned;
  });
  return [
    colors.bold(wrap(`${ruleSet}: TCP ports that get through, of 1 to 65535`, style.width)),
    ...rows,
    '',
    ...placesOf(lines).map((name) =>
      wrap(
        filterText(
          name,
          pinholes.filter(({ firewall }) => firewall === name),
          callings,
        ),
        style.width,
        '  ',
      ),
    ),
    '',
    ...summaryLines({ lines, summary }).map((line) => wrap(line, style.width, '  ')),
  ].join('\n');
}

/** `none`, `1 port: 21`, or per source port if that matters: `none; from source port 20: 64,512 ports: 1024-65535`. */
function openText(lines: readonly MeasuredLine[], names?: Names): string {
  const usual = lines.find(({ sourcePort }) => sourcePort === sourcePorts[0]);
  const different = lines.filter(
    (line) => line !== usual && rangesText(line.open) !== rangesText(usual?.open ?? []),
  );
  const elsewhere = [
    ...new Set(lines.flatMap(({ arrivedAt, to }) => arrivedAt.filter((host) => host !== to))),
  ];
  return [
    portsText(usual?.open ?? []),
    ...[...groupBy(different, ({ open }) => rangesText(open)).values()].map(
      (same) =>
        `from source port ${list(same.map(({ sourcePort }) => String(sourcePort)))}: ${portsText(same[0]?.open ?? [])}`,
    ),
    ...(elsewhere.length > 0 ? [`arriving at ${list(elsewhere.map((host) => called(host, names)))}`] : []),
  ].join('; ');
}

/** `none`, or how many and which: `2 ports: 20-21`. */
export function portsText(open: MeasuredLine['open']): string {
  const count = countOf(open);
  return count === 0 ? 'none' : `${portCount(count)}: ${rangesText(open)}`;
}

/** `1 port`, `64,513 ports`. */
export function portCount(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'port' : 'ports'}`;
}

/** One sentence about what a firewall's FTP filter opens when a client asks for it. */
export function filterText(name: RulesPlace, tests: readonly PinholeTest[], names?: Names): string {
  const [first] = tests;
  const firewall = firewallCalled(name, names);
  if (!first) return `FTP filter of ${firewall}: not tried.`;
  const between = `${called(first.client, names)} and ${called(first.server, names)}`;
  if (tests.every(({ outcome }) => outcome === 'no control connection'))
    return `FTP filter of ${firewall}: not tried, because no control connection between ${between} passes.`;
  const commands = (chosen: readonly PinholeTest[]) =>
    list([...new Set(chosen.map(({ command }) => command))]);
  const opened = tests.filter(({ outcome }) => outcome === 'opens');
  const needed = opened.filter(isLegitimate);
  const abused = opened.filter((test) => !isLegitimate(test));
  const parts = [
    needed.length === 0
      ? `opens no port that ${between} negotiate`
      : `opens the port that ${commands(needed)} name`,
    ...holesInWords(abused, names).map((hole) => `DANGER, since no upload needs it: ${hole}`),
    ...(needed.length > 0 && abused.length === 0 ? ['no port of another host, no port below 1024'] : []),
    ...(tests.some(({ outcome }) => outcome === 'open anyway')
      ? ['some of these ports are open without the filter']
      : []),
  ];
  return `FTP filter of ${firewall}: ${parts.join('; ')}.`;
}

function summaryLines({ lines, summary }: Pick<Exposure, 'lines' | 'summary'>): string[] {
  const { ports, inbound, probes, ms, mayVary } = summary;
  const from = [...new Set(lines.map(({ sourcePort }) => sourcePort))];
  return [
    `${portCount(ports)} in all, ${inbound.toLocaleString('en-US')} of them inbound.`,
    `${probes.toLocaleString('en-US')} probes from source port${from.length === 1 ? '' : 's'} ${list(from.map(String))}, none lost, ${duration(ms)}.`,
    ...(from.length === 1 ? ['No rule looks at the source port, so one stands for all.'] : []),
    ...(mayVary ? ['The rules depend on time, count or chance: another measurement may differ.'] : []),
  ];
}

/** The ports of each line for tables, whatever the source port: the line's name, the count and the ranges. */
export function exposureRows(
  exposure: Exposure,
  names: Names | undefined,
): { readonly name: string; readonly text: string }[] {
  return [...groupBy(exposure.lines, (line) => lineName(line, names))].map(([name, own]) => ({
    name,
    text: openText(own, names),
  }));
}

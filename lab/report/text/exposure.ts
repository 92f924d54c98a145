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
import { isGateway, type RulesPlace } from '../../network/topology.ts';
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
    ...[
      ...placesOf(lines).flatMap((name) => filterTexts(name, pinholes, callings)),
      ...tooBigTexts(exposure, callings),
      '',
      ...summaryLines({ lines, summary }),
    ].map((line) => wrap(line, style.width, '  ')),
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

/** A sentence about what a firewall's FTP filter opens when a client asks for it; another one if IPv6 was tried. */
export function filterTexts(name: RulesPlace, pinholes: readonly PinholeTest[], names?: Names): string[] {
  const own = pinholes.filter(({ firewall }) => firewall === name);
  const over6 = own.filter(({ ipv6 }) => ipv6);
  const texts = [
    filterText(
      firewallCalled(name, names),
      own.filter(({ ipv6 }) => !ipv6),
      names,
    ),
  ];
  return over6.length === 0
    ? texts
    : [...texts, filterText(`${firewallCalled(name, names)} over IPv6`, over6, names)];
}

function filterText(firewall: string, tests: readonly PinholeTest[], names?: Names): string {
  const [first] = tests;
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

/** A sentence about the ICMPv6 errors that path MTU discovery needs; none if IPv6 was not measured. */
export function tooBigTexts({ packetTooBig, lines }: Exposure, names?: Names): string[] {
  if (packetTooBig === undefined) return [];
  const message = 'ICMPv6 "packet too big", which path MTU discovery needs';
  if (!placesOf(lines).every(isGateway)) return [`${message}: not tried on the way into a host.`];
  if (packetTooBig.length === 0) return [`${message}: not tried, because no connection passes over IPv6.`];
  const stopped = packetTooBig.flatMap(({ client, server, reachesClient, reachesServer }) => [
    ...(reachesClient ? [] : [`from ${called(server, names)} to ${called(client, names)}`]),
    ...(reachesServer ? [] : [`from ${called(client, names)} to ${called(server, names)}`]),
  ]);
  if (stopped.length === 0) return [`${message}: gets through both ways on every path with an open port.`];
  return [
    `${message}: STOPPED ${list(stopped)}. A transfer hangs if a link on its way takes only smaller packets.`,
  ];
}

/** Of an exposure over IPv4 alone. */
export const notOverIPv6 =
  'IPv6 was not measured, so nothing is known of it; with --ipv6 it is measured too.';

function summaryLines({ lines, summary }: Pick<Exposure, 'lines' | 'summary'>): string[] {
  const { probes, ms, mayVary, ipv6 } = summary;
  const from = [...new Set(lines.map(({ sourcePort }) => sourcePort))];
  return [
    sumsText(summary),
    `${probes.toLocaleString('en-US')} probes from source port${from.length === 1 ? '' : 's'} ${list(from.map(String))}, none lost, ${duration(ms)}.`,
    ...(from.length === 1 ? ['No rule looks at the source port, so one stands for all.'] : []),
    ...(ipv6 ? [] : [notOverIPv6]),
    ...(mayVary ? ['The rules depend on time, count or chance: another measurement may differ.'] : []),
  ];
}

/** `2 ports in all, none of them inbound.`, and the same over IPv6 if that was measured. */
function sumsText({ ipv6, ...of4 }: Pick<Exposure['summary'], 'ports' | 'inbound' | 'ipv6'>): string {
  const sums = ({ ports, inbound }: typeof of4) =>
    `${portCount(ports)} in all, ${inbound.toLocaleString('en-US')} of them inbound`;
  return ipv6 ? `Over IPv4 ${sums(of4)}; over IPv6 ${sums(ipv6)}.` : `${sums(of4)}.`;
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

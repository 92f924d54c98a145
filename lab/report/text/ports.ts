import Table from 'cli-table3';
import type { Head } from '../../model/origin.ts';
import type { PortRule, PortSample, PortsReport, PortsResult } from '../../model/result/ports.ts';
import type { PortRange } from '../../network/topology.ts';
import { fittingRange, histogram } from '../../verdict/diagnosis/port-sample.ts';
import { noLines, withoutTrailingBlanks } from './plain-table.ts';
import { colorsOf, type Style } from './style.ts';
import { wrap } from './wrap.ts';

/** A result of asking for passive ports, whatever it begins with. */
type PortsFound = Omit<PortsResult, keyof Head<'ports'>>;

/**
 * Which ports the server announced, which known range they fill, and the smallest rules that cover them. Needs a width
 * of 60 or more.
 */
export function portsText(asked: PortsFound, style: Style): string {
  const { server, sample, rules } = asked;
  const paragraph = (text: string) => wrap(text, style.width, '  ');
  const problems = problemsOf(asked).map(paragraph);
  if (!sample || !rules) return [`${server} announced no passive port.`, ...problems].join('\n');
  const { bold } = colorsOf(style);
  return [
    [bold(paragraph(heading(server, asked, sample))), ...problems].join('\n'),
    bars(asked, sample, style),
    honesty(sample).map(paragraph).join('\n'),
    knownTable(sample, style),
    paragraph(knownRange(sample)),
    ruleText(rules, style),
  ].join('\n\n');
}

function span([first, last]: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? 'under 1%' : `${Math.round(share * 100)}%`;
}

function heading(server: string, { ports }: PortsReport, { observed, distinct }: PortSample): string {
  const by = (command: string) => ports.filter((port) => port.command === command).length;
  const asked = (['PASV', 'EPSV'] as const).filter((command) => by(command) > 0);
  const counts = asked.map((command) => `${by(command)} by ${command}`).join(', ');
  const all = ports.length === 1 ? 'one port' : `${ports.length} ports`;
  return `${server} announced ${all} (${counts}), ${distinct === ports.length ? 'all' : distinct} different: ${span(observed)}.`;
}

function problemsOf(report: PortsFound): string[] {
  const others = [...new Set(report.ports.map(({ otherHost }) => otherHost).filter((host) => host !== null))];
  return [
    ...report.refused.map(({ command, reply }) => `The server refuses ${command}: "${reply}".`),
    ...(report.failure === null ? [] : [`The lab stopped asking early: "${report.failure}".`]),
    ...others.map(
      (host) =>
        `PASV names ${host}, not ${report.address}: a client that follows the reply connects there. The lab did not.`,
    ),
  ];
}

const mostBars = 8;

function bars({ ports }: PortsReport, { observed }: PortSample, style: Style): string {
  const parts = histogram(ports, observed, mostBars);
  const labelWidth = Math.max(...parts.map(({ range }) => span(range).length));
  const highest = Math.max(...parts.map(({ count }) => count));
  const room = Math.min(40, style.width - labelWidth - 10);
  return parts
    .map(({ range, count }) => {
      const bar = '#'.repeat(Math.ceil((count / highest) * Math.min(room, highest)));
      return `  ${span(range).padStart(labelWidth)}  ${bar}${bar && ' '}${count}`;
    })
    .join('\n');
}

/** What a sample cannot tell. */
function honesty({ asked, observed, order, outsideAtMost, estimate }: PortSample): string[] {
  if (order === 'counting')
    return [
      `The server counts its ports up or down. ${span(observed)} shows where its counter is now, not where its range begins or ends.`,
    ];
  const chance = `The next port lies outside ${span(observed)} with a chance of at most ${percent(outsideAtMost ?? 1)} (2 in ${asked + 1}), if the server draws each one independently of the others.`;
  const even = estimate && `If all its ports are equally likely, its range is about ${span(estimate)}.`;
  return [`The server's range is at least this large.`, chance, ...(even ? [even] : [])];
}

function knownTable({ known, asked }: PortSample, style: Style): string {
  const { dim } = colorsOf(style);
  const table = new Table({
    chars: noLines,
    style: { 'padding-left': 0, 'padding-right': 2, compact: true, border: [], head: [] },
  });
  table.push(['known range', 'ports', 'has', 'filled'].map(dim));
  for (const { name, range, inside, spanned } of known)
    table.push([
      wrap(name, Math.max(20, style.width - 36)),
      span(range),
      `${inside} of ${asked}`,
      percent(spanned),
    ]);
  return withoutTrailingBlanks(table.toString());
}

function knownRange(sample: PortSample): string {
  const known = fittingRange(sample);
  if (!known)
    return 'The ports fit no known range: drawn evenly from one, they would fill more of it with a chance of 99%. The server has a range of its own; ask its operator which.';
  const has = `The narrowest known range ${sample.order === 'counting' ? 'with all of them' : 'that they fill'} is ${known.name}, ${span(known.range)}. Source: ${known.source}.`;
  return `${has} Ask the server's operator to confirm it.`;
}

function ruleText(found: readonly PortRule[], style: Style): string {
  const { bold } = colorsOf(style);
  const rules = found.flatMap(({ covers, range, isa, iptables }) => [
    bold(`The smallest rule for ${covers}, ${span(range)}:`),
    wrap(`  ISA: ${isa}`, style.width, '    '),
    wrap(`  iptables: ${iptables}`, style.width, '    '),
  ]);
  const filter = `With the FTP access filter (iptables: -j CT --helper ftp) no such rule is needed: it opens one negotiated port at a time. A port range is for sessions that the filter cannot read: FTPS, or a control port that it is not bound to.`;
  return [...rules, wrap(filter, style.width)].join('\n');
}

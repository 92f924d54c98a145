import type { CellResult } from '../../model/cell.ts';
import type { ConnectionPacket, Evidence } from '../../model/evidence.ts';
import { called, idCalled, type Names } from '../../model/names.ts';
import { leftInWords } from '../../verdict/sentence.ts';
import { stepInWords } from '../../verdict/way.ts';
import { type Ladder, ladderOf } from '../ladder/ladder.ts';
import { ruleText } from '../ladder/rule-text.ts';
import { cureOf } from './cures.ts';
import { fitsColumns, ladderColumns } from './ladder-columns.ts';
import { ladderList } from './ladder-list.ts';
import { colorsOf, type Style } from './style.ts';
import { ownWaitOf } from './waits.ts';
import { wrap } from './wrap.ts';

/** A cell explained: its ladder, the rules that the deciding packet met, and the verdict's sentence. */
export function explanation(cell: CellResult & { readonly evidence: Evidence }, style: Style): string {
  const colors = colorsOf(style);
  const { verdict } = cell;
  const paint = verdict.uploaded ? colors.green : colors.red;
  const outcome = verdict.uploaded ? 'uploads' : verdict.cause;
  return [
    colors.bold(idCalled(cell.id, style.names)),
    drawnLadder(ladderOf(cell, style.names), style),
    ...decidingPacket(cell).map((packet) => rulesMet(packet, style)),
    ...wayText(cell, style),
    ...counters(cell.evidence, style),
    paint(wrap(`${outcome}: ${verdict.sentence}`, style.width, '  ')),
    ...[closeUpNote(cell), leftNote(cell, style.names), ownWaitOf(cell), cureNote(cell)]
      .filter(Boolean)
      .map((text) => wrap(text, style.width, '  ')),
  ].join('\n\n');
}

function cureNote({ verdict }: CellResult): string {
  return verdict.uploaded ? '' : `What cures it: ${cureOf(verdict)}`;
}

/** What the upload that failed left behind. */
function leftNote({ verdict, server }: CellResult, names: Names | undefined): string {
  return verdict.left ? `Left on ${called(server, names)}: ${leftInWords(verdict.left)}.` : '';
}

function closeUpNote({ evidence }: { readonly evidence: Evidence }): string {
  return evidence.closeUp
    ? 'The first attempt failed without proof of why. This is a second one, of which every packet was traced; it failed at the same step.'
    : '';
}

/** A ladder in columns, or as a list if the style is too narrow for columns. */
export function drawnLadder(ladder: Ladder, style: Style): string {
  return fitsColumns(ladder, style) ? ladderColumns(ladder, style) : ladderList(ladder, style);
}

/** The packet that the verdict names, as seen by the firewall that it names; empty if it names none. */
export function decidingPacket({
  verdict,
  evidence,
}: {
  readonly verdict: CellResult['verdict'];
  readonly evidence: Evidence;
}): ConnectionPacket[] {
  const { packet, firewall } = verdict;
  const seen = evidence.connections
    .flatMap(({ packets }) => packets)
    .find(
      ({ source, destination, fate, firewall: by }) =>
        by === firewall && source === packet?.source && destination === packet.destination && fate !== 'sent',
    );
  return seen ? [seen] : [];
}

/** The lines of the file by which the packet came to the rule that decided, each with its comment first. */
function wayText({ verdict: { way = [], firewall } }: CellResult, style: Style): string[] {
  if (way.every(({ line }) => line === null)) return [];
  const lines = way.map((step) => {
    const { chain, line, rule, comment } = step;
    const place = line === null ? chain : stepInWords(step);
    return wrap(`  ${place}: ${comment === null ? '' : `${comment}. `}${rule}`, style.width, '    ');
  });
  return [
    [`The lines of ${firewall && called(firewall, style.names)}'s file that decided:`, ...lines].join('\n'),
  ];
}

function rulesMet(
  { firewall, flags, protocol, source, destination, met, decision }: ConnectionPacket,
  style: Style,
): string {
  const colors = colorsOf(style);
  const what = protocol === 'tcp' ? `${flags} ` : 'ICMP ';
  const title = `Rules of ${called(firewall, style.names)} that matched ${what}${source} > ${destination}, in order:`;
  const places = met.map(({ table, chain }) => `${table} ${chain}`);
  const width = Math.max(0, ...places.map((place) => place.length)) + 2;
  const last = met.findLastIndex(({ verdict }) => verdict === 'drop' || verdict === 'accept');
  const rows = met.map((rule, index) => {
    const decides = index === last && decision !== null && decision.action !== 'accept';
    const text = wrap(ruleText(rule), style.width - width - 2).split('\n');
    const [first = '', ...rest] = decides ? text.map((line) => colors.red(line)) : text;
    return [
      `  ${colors.dim((places[index] ?? '').padEnd(width))}${first}`,
      ...rest.map((line) => ' '.repeat(width + 2) + line),
    ].join('\n');
  });
  return [wrap(title, style.width, '  '), ...rows].join('\n');
}

/** For each firewall, the rules whose counters changed, with the number of packets. */
function counters({ counters = {} }: Evidence, style: Style): string[] {
  const colors = colorsOf(style);
  return Object.entries(counters).flatMap(([firewall, moved]) => {
    if (moved.length === 0) return [];
    const heads = moved.map(({ packets, table, chain }) => [String(packets), `${table} ${chain}`] as const);
    const widths = [0, 1].map((column) => Math.max(...heads.map((head) => head[column]?.length ?? 0)));
    const [numbers = 0, places = 0] = widths;
    const indent = numbers + places + 6;
    const rows = moved.map(({ rule, chain }, index) => {
      const [packets = '', place = ''] = heads[index] ?? [];
      const text = rule.startsWith(`-A ${chain} `) ? rule.slice(`-A ${chain} `.length) : rule;
      const [first = '', ...rest] = wrap(text, style.width - indent).split('\n');
      const head = `  ${packets.padStart(numbers)}  ${colors.dim(place.padEnd(places))}  ${first}`;
      return [head, ...rest.map((line) => ' '.repeat(indent) + line)].join('\n');
    });
    return [[`Packets that rules of ${called(firewall, style.names)} counted:`, ...rows].join('\n')];
  });
}

import type { Diagram, DrawnFirewall, DrawnHost, DrawnSubnet } from '../text/diagram.ts';
import { escapeMarkup } from './markup.ts';
import { themeOf } from './theme.ts';

/** CSS of {@link networkSvg}; the colours come from the theme. */
export const networkStyle = [
  '.net text{font:13px system-ui,sans-serif;fill:var(--ink);text-anchor:middle}',
  '.net .title{font-weight:600;text-anchor:start}',
  '.net .faint{fill:var(--faint);font-size:12px;font-weight:400}',
  '.net rect{fill:var(--paper);stroke:var(--line)}',
  '.net .subnet{fill:var(--panel)}',
  '.net .wall{fill:var(--paper);stroke:var(--wall);stroke-width:2.5}',
  '.net .wall-name{fill:var(--wall);font-weight:600}',
  '.net path{stroke:var(--faint);fill:none;stroke-width:1.5}',
].join('');

/**
 * The network as an SVG element. `standalone`: a file of its own that brings its style and follows the reader's light
 * or dark setting.
 */
export function networkSvg(diagram: Diagram, { standalone }: { readonly standalone: boolean }): string {
  const above = diagram.firewalls.map(({ guards }) => panelWidth(guards, guards.hosts.length));
  const guardedWidth = above.reduce((sum, width) => sum + width, gap * (above.length - 1));
  const perRow = Math.max(mostInARow, Math.floor((guardedWidth - 2 * pad + gap) / (box.width + gap)));
  const externalWidth = panelWidth(diagram.external, perRow);
  const inner = Math.max(guardedWidth, externalWidth);
  let x = margin + (inner - guardedWidth) / 2;
  const top: string[] = [];
  for (const [index, firewall] of diagram.firewalls.entries()) {
    const width = above[index] ?? 0;
    top.push(guarded(firewall, x, width));
    x += width + gap;
  }
  const external = panel(diagram.external, margin, externalTop, inner, perRow);
  const [width, height] = [inner + 2 * margin, externalTop + external.height + margin];
  const root = standalone
    ? `<svg xmlns="http://www.w3.org/2000/svg" class="net" width="${width}" height="${height}"`
    : '<svg class="net"';
  return [
    `${root} viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(inWords(diagram))}">`,
    ...(standalone
      ? [
          `<style>${themeOf('.net')}${networkStyle}</style>`,
          `<rect width="${width}" height="${height}" style="stroke:none"/>`,
        ]
      : []),
    ...top,
    external.markup,
    '</svg>\n',
  ].join('\n');
}

/* Pixels. */
const margin = 10;
const gap = 14;
const pad = 14;
const box = { width: 136, height: 60 };
const wall = { width: 170, height: 30 };
const titleHeight = 30;
const panelHeight = titleHeight + box.height + pad;
const wallTop = margin + panelHeight + 34;
const externalTop = wallTop + wall.height + 40;
const mostInARow = 4;

function panelWidth({ hosts }: DrawnSubnet, perRow: number): number {
  const columns = Math.min(hosts.length, perRow);
  return Math.max(2 * pad + columns * box.width + (columns - 1) * gap, 210);
}

/** A guarded subnet with its firewall below it, and the lines that lead through the firewall. */
function guarded(firewall: DrawnFirewall, x: number, width: number): string {
  const centre = x + width / 2;
  const bottom = margin + panelHeight;
  return [
    `<path d="M${centre} ${bottom}V${externalTop}"/>`,
    panel(firewall.guards, x, margin, width, firewall.guards.hosts.length).markup,
    address(firewall.inside, centre + 8, wallTop - 10),
    `<rect class="wall" x="${centre - wall.width / 2}" y="${wallTop}" width="${wall.width}" height="${wall.height}" rx="4"/>`,
    text(firewall.title, centre, wallTop + 20, 'wall-name', wall.width),
    address(firewall.outside, centre + 8, wallTop + wall.height + 18),
  ].join('\n');
}

function panel(subnet: DrawnSubnet, x: number, y: number, width: number, perRow: number) {
  const rows = Math.max(1, Math.ceil(subnet.hosts.length / perRow));
  const height = titleHeight + rows * box.height + (rows - 1) * gap + pad;
  const hosts = subnet.hosts.map((host, index) => {
    const row = Math.floor(index / perRow);
    const inRow = Math.min(perRow, subnet.hosts.length - row * perRow);
    const start = x + (width - inRow * box.width - (inRow - 1) * gap) / 2;
    return drawnHost(
      host,
      start + (index % perRow) * (box.width + gap),
      y + titleHeight + row * (box.height + gap),
    );
  });
  const markup = [
    `<rect class="subnet" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title" x="${x + pad}" y="${y + 20}">${escapeMarkup(subnet.title)} <tspan class="faint">${escapeMarkup(subnet.cidr)}</tspan></text>`,
    ...hosts,
  ].join('\n');
  return { markup, height };
}

function drawnHost(host: DrawnHost, x: number, y: number): string {
  const centre = x + box.width / 2;
  const ports = host.passivePorts === null ? [] : [`pasv ${host.passivePorts.join('–')}`];
  const below = [host.address, ...ports];
  const first = y + (ports.length === 0 ? 27 : 20);
  return [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="5"/>`,
    text(host.title, centre, first, undefined, box.width),
    ...below.map((line, index) => text(line, centre, first + 17 * (index + 1), 'faint')),
  ].join('\n');
}

/** The width of a letter, roughly. */
const letterWidth = 7.5;

/** A text; `room`: the box that it stays within, by narrower letters if need be. */
function text(
  content: string,
  x: number,
  y: number,
  style?: string,
  room = Number.POSITIVE_INFINITY,
): string {
  const most = room - 10;
  const squeezed =
    content.length * letterWidth > most ? ` textLength="${most}" lengthAdjust="spacingAndGlyphs"` : '';
  return `<text${style === undefined ? '' : ` class="${style}"`} x="${x}" y="${y}"${squeezed}>${escapeMarkup(content)}</text>`;
}

function address(content: string, x: number, y: number): string {
  return `<text class="faint" style="text-anchor:start" x="${x}" y="${y}">${escapeMarkup(content)}</text>`;
}

function inWords({ firewalls, external }: Diagram): string {
  const names = (subnet: DrawnSubnet) => subnet.hosts.map(({ title }) => title).join(', ');
  return [
    ...firewalls.map(
      ({ title, guards }) => `Subnet ${guards.title} (${names(guards)}) behind firewall ${title}.`,
    ),
    `${external.title}: ${names(external)}.`,
  ].join(' ');
}

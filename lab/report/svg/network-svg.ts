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
  const tree = treeOf(diagram.outermost, diagram.firewalls);
  const [width, height] = [tree.width + 2 * margin, tree.height + 2 * margin];
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
    ...drawnTree(tree, margin, margin),
    '</svg>\n',
  ].join('\n');
}

/** A subnet with the firewalls that lead into it and what is behind them, which is drawn above. Pixels. */
interface Tree {
  readonly subnet: DrawnSubnet;
  readonly perRow: number;
  readonly width: number;
  readonly height: number;
  readonly panelHeight: number;
  readonly firewalls: readonly {
    readonly firewall: DrawnFirewall;
    readonly guards: readonly { readonly tree: Tree; readonly address: string }[];
    readonly width: number;
  }[];
}

function treeOf(subnet: DrawnSubnet, all: readonly DrawnFirewall[]): Tree {
  const firewalls = all
    .filter(({ outside }) => outside.subnet === subnet.name)
    .map((firewall) => {
      const guards = firewall.guards.map(({ subnet, address }) => ({ tree: treeOf(subnet, all), address }));
      return { firewall, guards, width: inARow(guards.map(({ tree }) => tree.width)) };
    });
  const above = inARow(firewalls.map(({ width }) => width));
  const fits = Math.floor((above - 2 * pad + gap) / (box.width + gap));
  const perRow = firewalls.length === 0 ? subnet.hosts.length : Math.max(mostInARow, fits);
  const panelHeight = heightOf(subnet, perRow);
  const highest = Math.max(0, ...firewalls.flatMap(({ guards }) => guards.map(({ tree }) => tree.height)));
  return {
    subnet,
    perRow,
    firewalls,
    width: Math.max(panelWidth(subnet, perRow), above),
    height: panelHeight + (firewalls.length === 0 ? 0 : highest + upper + wall.height + lower),
    panelHeight,
  };
}

/** How wide some things are beside each other. */
function inARow(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap * Math.max(0, widths.length - 1));
}

function drawnTree(tree: Tree, left: number, top: number): string[] {
  const panelTop = top + tree.height - tree.panelHeight;
  const wallTop = panelTop - lower - wall.height;
  const drawn: string[] = [];
  let x = left + (tree.width - inARow(tree.firewalls.map(({ width }) => width))) / 2;
  for (const { firewall, guards, width } of tree.firewalls) {
    const centre = x + width / 2;
    let at = x;
    for (const { tree: inner, address } of guards) {
      const middle = at + inner.width / 2;
      const bottom = wallTop - upper;
      const across = guards.length === 1 ? '' : `V${wallTop - upper / 2}H${centre}`;
      drawn.push(
        `<path d="M${middle} ${bottom}${across}V${panelTop}"/>`,
        ...drawnTree(inner, at, bottom - inner.height),
        // Above the line that joins several.
        addressText(address, middle + 8, wallTop - (guards.length === 1 ? 10 : 21)),
      );
      at += inner.width + gap;
    }
    drawn.push(
      `<rect class="wall" x="${centre - wall.width / 2}" y="${wallTop}" width="${wall.width}" height="${wall.height}" rx="4"/>`,
      text(firewall.title, centre, wallTop + 20, 'wall-name', wall.width),
      addressText(firewall.outside.address, centre + 8, wallTop + wall.height + 18),
    );
    x += width + gap;
  }
  return [...drawn, panel(tree.subnet, left, panelTop, tree.width, tree.perRow)];
}

/* Pixels. */
const margin = 10;
const gap = 14;
const pad = 14;
const box = { width: 136, height: 60 };
const wall = { width: 170, height: 30 };
const titleHeight = 30;
/** Above and below a firewall. */
const upper = 34;
const lower = 40;
const mostInARow = 4;

function panelWidth({ hosts }: DrawnSubnet, perRow: number): number {
  const columns = Math.min(hosts.length, perRow);
  return Math.max(2 * pad + columns * box.width + (columns - 1) * gap, 210);
}

/** How much of a subnet's panel is above its hosts. */
function headHeight({ ranges }: DrawnSubnet): number {
  return titleHeight + 16 * (ranges.length - 1);
}

function heightOf(subnet: DrawnSubnet, perRow: number): number {
  const { hosts } = subnet;
  const rows = Math.max(1, Math.ceil(hosts.length / Math.max(1, perRow)));
  return headHeight(subnet) + (hosts.length === 0 ? 0 : rows * box.height + (rows - 1) * gap) + pad;
}

function panel(subnet: DrawnSubnet, x: number, y: number, width: number, perRow: number): string {
  const height = heightOf(subnet, perRow);
  const [first = '', ...more] = subnet.ranges;
  const hosts = subnet.hosts.map((host, index) => {
    const row = Math.floor(index / perRow);
    const inRow = Math.min(perRow, subnet.hosts.length - row * perRow);
    const start = x + (width - inRow * box.width - (inRow - 1) * gap) / 2;
    return drawnHost(
      host,
      start + (index % perRow) * (box.width + gap),
      y + headHeight(subnet) + row * (box.height + gap),
    );
  });
  return [
    `<rect class="subnet" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title" x="${x + pad}" y="${y + 20}">${escapeMarkup(subnet.title)} <tspan class="faint">${escapeMarkup(first)}</tspan></text>`,
    ...more.map(
      (range, index) =>
        `<text class="title" x="${x + pad}" y="${y + 20 + 16 * (index + 1)}"><tspan class="faint">${escapeMarkup(range)}</tspan></text>`,
    ),
    ...hosts,
  ].join('\n');
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

function addressText(content: string, x: number, y: number): string {
  return `<text class="faint" style="text-anchor:start" x="${x}" y="${y}">${escapeMarkup(content)}</text>`;
}

function inWords({ firewalls, outermost }: Diagram): string {
  const names = (subnet: DrawnSubnet) => subnet.hosts.map(({ title }) => title).join(', ');
  return [
    ...firewalls.flatMap(({ title, guards }) =>
      guards.map(({ subnet }) => `Subnet ${subnet.title} (${names(subnet)}) behind firewall ${title}.`),
    ),
    `${outermost.title}: ${names(outermost)}.`,
  ].join(' ');
}

import {
  type Exposure,
  isInbound,
  isOverIPv6,
  type Line,
  lineName,
  openByLine,
  placesOf,
  sumsOf,
} from '../../model/exposure.ts';
import type { Names } from '../../model/names.ts';
import type { PortRange } from '../../network/topology.ts';
import { filterTexts, notOverIPv6, portCount, portsText, tooBigTexts } from '../text/exposure.ts';
import { escapeMarkup } from './markup.ts';

/** CSS of the bars; the colours come from the theme. */
export const exposureStyle = [
  '.bar-chart{width:100%;height:14px;display:block;background:var(--calm-fill);border-radius:2px;min-width:9rem}',
  '.bar-chart .out-bound{fill:var(--accent)}',
  '.bar-chart .in-bound{fill:var(--wall)}',
  '.exposure th{white-space:nowrap}',
  '.exposure td.wide-cell{width:45%}',
  '.key{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.3em}',
].join('');

const allPorts = 65536;

/** The least share of the whole that is visible: a single port is drawn at this width. */
const leastSeen = 1 / 250;

/** The ports that rule sets let through: one bar each, all on one scale, then line by line. '' if nothing was measured. */
export function exposureBars(exposures: readonly Exposure[], names?: Names): string {
  if (exposures.length === 0) return '';
  const most = Math.max(1, ...exposures.map(({ summary }) => summary.ports));
  const rows = exposures.map(({ ruleSet, summary: { ports, inbound, ipv6, mayVary } }) => {
    const bar = chart(
      [
        { from: 0, to: inbound, style: 'in-bound' },
        { from: inbound, to: ports, style: 'out-bound' },
      ],
      most,
    );
    const over6 = ipv6 ? `; over IPv6 ${wordsFor(ipv6)}, which the bar does not show` : '';
    const words = `${wordsFor({ ports, inbound })}${over6}${mayVary ? '; may vary' : ''}`;
    return `<tr><th scope="row">${escapeMarkup(ruleSet)}</th><td class="wide-cell">${bar}</td><td>${words}</td></tr>`;
  });
  const details = exposures.map(
    (exposure) =>
      `<details><summary>${escapeMarkup(exposure.ruleSet)}, path by path</summary>${linesOf([exposure], names)}</details>`,
  );
  return `<p>TCP ports from 1 to 65535 on which a probe got through, summed over all paths between networks.
<span class="key" style="background:var(--wall)"></span>into X or Y
<span class="key" style="background:var(--accent)"></span>outbound</p>
<div class="scroll"><table class="plain exposure">${rows.join('')}</table></div>
${details.join('\n')}`;
}

/** All lines on which at least one of the rule sets lets something through, with a bar from port 1 to 65535 for each. */
export function linesOf(exposures: readonly Exposure[], callings?: Names): string {
  const measured = exposures.map(({ lines }) => openByLine(lines));
  const names = [...new Set(measured.flatMap((lines) => [...lines.keys()]))].filter((name) =>
    measured.some((lines) => (lines.get(name)?.open.length ?? 0) > 0),
  );
  const filters = exposures.flatMap((exposure) =>
    [
      ...placesOf(exposure.lines).flatMap((name) => filterTexts(name, exposure.pinholes, callings)),
      ...(isOverIPv6(exposure) ? tooBigTexts(exposure, callings) : [notOverIPv6]),
    ].map((text) => `<li>${escapeMarkup(exposure.ruleSet)}, ${escapeMarkup(text)}</li>`),
  );
  const onDemand = `<ul>${filters.join('')}</ul>`;
  if (names.length === 0) return `<p>No port is open unless the FTP filter opens it.</p>${onDemand}`;
  const rows = names.map((name) => {
    const some = measured.map((lines) => lines.get(name)).find(Boolean);
    const title = some ? lineName(some.line, callings) : name;
    const cells = measured.map((lines) => {
      const found = lines.get(name);
      return found
        ? `<td class="wide-cell">${strip(found.line, found.open)}${portsText(found.open)}</td>`
        : '<td>not measured</td>';
    });
    return `<tr><th scope="row">${escapeMarkup(title)}</th>${cells.join('')}</tr>`;
  });
  const heads = exposures.map(({ ruleSet }) => `<th scope="col">${escapeMarkup(ruleSet)}</th>`);
  return `<div class="scroll"><table class="plain exposure"><thead><tr><th scope="col">path</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>
<p>${exposures.map((exposure) => `${escapeMarkup(exposure.ruleSet)}: ${totalOf(exposure)}`).join('; ')}.</p>
${onDemand}`;
}

/** `2 ports`; `2 ports over IPv4, 1 port over IPv6`. */
function totalOf({ lines, packetTooBig }: Exposure): string {
  const { ports } = sumsOf(lines.filter(({ ipv6 }) => !ipv6));
  const over6 = sumsOf(lines.filter(({ ipv6 }) => ipv6)).ports;
  return packetTooBig ? `${portCount(ports)} over IPv4, ${portCount(over6)} over IPv6` : portCount(ports);
}

function wordsFor({ ports, inbound }: Pick<Exposure['summary'], 'ports' | 'inbound'>): string {
  return `${portCount(ports)}, ${inbound.toLocaleString('en-US')} of them inbound`;
}

function strip(line: Line, open: readonly PortRange[]): string {
  const style = isInbound(line) ? 'in-bound' : 'out-bound';
  return chart(
    open.map(([first, last]) => ({ from: first, to: last + 1, style })),
    allPorts,
  );
}

/** The bar repeats what the text beside it says, so screen readers skip it. */
function chart(parts: readonly { from: number; to: number; style: string }[], whole: number): string {
  const bars = parts
    .filter(({ from, to }) => to > from)
    .map(({ from, to, style }) => {
      const width = Math.max((to - from) / whole, leastSeen);
      const start = Math.min(from / whole, 1 - width);
      return `<rect class="${style}" x="${(1000 * start).toFixed(2)}" width="${(1000 * width).toFixed(2)}" height="10"/>`;
    });
  return `<svg class="bar-chart" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">${bars.join('')}</svg>`;
}

import type { Mended } from './mend-gateway.ts';

const heads = [
  'file',
  'written by',
  'needed',
  'worked before',
  'patch',
  'work with it',
  'lost',
  'ports opened',
  'lines',
  "expert's ports, lines",
  'seconds',
  'as good as the expert',
];

function cellsOf({ gateway, fixing, best, expert, wrong, ms }: Mended): string[] {
  const { need, before } = fixing;
  const needed = before.cells.filter(({ id, ruleSet }) => need.includes(id.slice(ruleSet.length + 1)));
  const working = needed.filter(({ verdict }) => verdict.uploaded).length;
  return [
    gateway.name,
    gateway.by,
    `${need.length}`,
    `${working}`,
    best?.strategy ?? '-',
    best ? `${need.length - best.unmet.length}` : '-',
    best ? `${best.lost.length}` : '-',
    best ? best.opened.toLocaleString('en-US') : '-',
    best ? `${best.lines}` : '-',
    expert.same
      ? 'the same rules'
      : `${expert.opened?.toLocaleString('en-US') ?? 'not measured'}, ${expert.lines}`,
    (ms / 1000).toFixed(1),
    wrong.length === 0 ? 'yes' : `no: ${wrong.join('; ')}`,
  ];
}

/** A line of text for a gateway: whether all is as it should be, and what is not. */
export function lineOf(mended: Mended): string {
  const [name, , need, , strategy, met, , opened, lines, , seconds, verdict] = cellsOf(mended);
  return `${name}: ${strategy}, ${met} of ${need} work, ${opened} ports opened, ${lines} lines, ${seconds} s: ${verdict}`;
}

/** A page in Markdown with the table between `<!-- gateways -->` and `<!-- /gateways -->`. */
export function withGateways(page: string, all: readonly Mended[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [line(heads), line(heads.map(() => '---')), ...all.map((one) => line(cellsOf(one))), ''];
  return page.replace(
    /(<!-- gateways -->\n)[\s\S]*(<!-- \/gateways -->)/,
    (_all, begin: string, end: string) => begin + table.join('\n') + end,
  );
}

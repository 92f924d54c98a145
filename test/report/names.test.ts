/** Every output for people has the user's names of hosts, and text that is somebody else's stays as it is. */
import { describe, expect, it } from 'vitest';
import { allHosts, type Names } from '../../lab/model/names.ts';
import { headed } from '../../lab/model/origin.ts';
import { isLegitimate } from '../../lab/model/pinhole.ts';
import type { ComparisonResult, TriedRules } from '../../lab/model/result/comparison.ts';
import type { FixResult } from '../../lab/model/result/fix.ts';
import { readResults } from '../../lab/model/result/read.ts';
import type { Result } from '../../lab/model/result/result.ts';
import type { RuleSet } from '../../lab/model/rule-set.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { compileRules } from '../../lab/policy/compile.ts';
import { annotationsOf } from '../../lab/report/annotations/annotations.ts';
import { htmlReport } from '../../lab/report/html/html-report.ts';
import { resultJson } from '../../lab/report/json.ts';
import { changeRequest } from '../../lab/report/markdown/change-request/change-request.ts';
import { comparisonMarkdown } from '../../lab/report/markdown/comparison-summary.ts';
import { markdown } from '../../lab/report/markdown/markdown.ts';
import { networkSvg } from '../../lab/report/svg/network-svg.ts';
import { diagramOf } from '../../lab/report/text/diagram.ts';
import { explanation } from '../../lab/report/text/explanation.ts';
import { mermaid } from '../../lab/report/text/graph.ts';
import { lastScreen } from '../../lab/report/text/last-screen.ts';
import { networkPicture } from '../../lab/report/text/network.ts';
import { resultText } from '../../lab/report/text/result-text.ts';
import { results } from '../../lab/report/text/results.ts';
import { ruleUseText } from '../../lab/report/text/rule-use.ts';
import { summary } from '../../lab/report/text/summary.ts';
import { compareCells } from '../../lab/verdict/comparison.ts';
import { scenarios } from '../../scenarios/index.ts';
import { exposureOf, measured, pinholesOf } from '../exposure/fixtures.ts';
import { droppedEvidence } from './evidence-fixture.ts';
import { cell, runOf } from './fixtures.ts';

const names: Names = Object.fromEntries(allHosts().map((host, index) => [host, `host-${index}.example`]));
const style = { width: 120, color: false, names };

/** The words of the lab for its hosts that a text has. */
function labWords(text: string): string[] {
  return text.match(/isa-[xy]|[xy]-(?:server|workstation)|vsftpd|proftpd|pure-ftpd/g) ?? [];
}

/** A cell whose sentence is of no concern: sentences have the names when they are made. */
function cellWith(kind: 'up' | 'dropped', ruleSet = 'mine', expected: 'up' | 'dropped' = kind) {
  const made = cell(ruleSet, 'y-server', 'vsftpd', 'pasv', kind, expected);
  return { ...made, verdict: { ...made.verdict, sentence: 'Said.' }, evidence: droppedEvidence() };
}

const used = {
  'isa-y': [
    {
      table: 'filter',
      chain: 'FORWARD',
      line: 9,
      rule: '-A FORWARD -j own',
      packets: 0,
      use: 'never',
      shadowedBy: null,
    },
  ],
} as const;

function side(name: string, kind: 'up' | 'dropped'): TriedRules {
  const ruleSet = scenarios.find((scenario) => scenario.name === name)?.ruleSet as RuleSet;
  const open: [number, number][] = kind === 'up' ? [[21, 22]] : [[21, 21]];
  return {
    name,
    ruleSet,
    rules: compileRules(ruleSet, addressPlan(0)),
    cells: [cellWith(kind, name)],
    exposure: exposureOf(
      name,
      [measured('y-server', 'vsftpd', 40000, open), measured('vsftpd', 'isa-y', 20, open)],
      pinholesOf((request) => isLegitimate(request)),
    ),
    used,
  };
}

const [before, after] = [side('ftp-filter', 'up'), side('as-reported', 'dropped')];
const path = 'y-server/vsftpd/pasv';
const origin = { lab: '1.0.0', engine: null, files: [], names };
const demands = { need: [path], forbid: [], unmet: [path], broken: [] };
const compared: ComparisonResult = {
  ...headed('comparison', origin),
  before,
  after,
  changes: compareCells(before.cells, after.cells).map(({ path: cell, aspect, sign }) => ({
    cell,
    aspect,
    sign,
  })),
  ports: [],
  demands,
  intent: { why: 'a test', changes: [{ cell: path, aspect: 'STOR', sign: '-' }], ports: [], holes: [] },
  summary: { breaksNothing: false, lines: [] },
};
const run = {
  ...runOf([cellWith('dropped', 'mine', 'up'), cellWith('up', 'other')]),
  names,
  exposures: [before.exposure],
};
const fixing: FixResult = {
  ...headed('fix', origin),
  before: { cells: [cellWith('dropped')], exposure: null },
  need: [path],
  patches: [
    {
      strategy: 'helper',
      text: '',
      patch: '',
      lines: 1,
      cells: [cellWith('dropped')],
      unmet: [path],
      lost: [path],
      exposure: null,
      opened: 0,
    },
  ],
  ms: 1,
};
const recommended = {
  ...headed('recommendation', origin),
  need: [path],
  before: 'as-reported',
  onTheWay: ['isa-y'],
  yardstick: 'high-ports-outbound',
  fixes: [],
  failing: [{ name: 'other', cells: [cellWith('dropped')], exposure: null }],
  lines: 0,
  steps: null,
} as const;
const facts = { questions: new Map<string, string>(), staged: new Set(['other']) };
const diagram = diagramOf(addressPlan(0), names);

const said = (result: Exclude<Result, { kind: 'run' }>) => resultText(result, style) ?? '';
const page = htmlReport(run, '', '');
const outputs: Record<string, string> = {
  'the answers, the matrix, the causes and what differs': results(run.cells, facts, style).join('\n'),
  'the totals': summary({ ...run, summary: { ...run.summary, demands, missing: [`mine/${path}`] } }, style),
  'the last screen': lastScreen(run, ['run.html'], style),
  'a ladder': explanation(cellWith('dropped'), style),
  'a ladder on a narrow terminal': explanation(cellWith('dropped'), { ...style, width: 60 }),
  'the use of rules': ruleUseText(used, style),
  'the network': networkPicture(addressPlan(0), style),
  'the network on a narrow terminal': networkPicture(addressPlan(0), { ...style, width: 60 }),
  'the network as SVG': networkSvg(diagram, { standalone: true }),
  'the network as Mermaid': mermaid(diagram).replaceAll(/n_\w+/g, ''),
  'a comparison': said(compared),
  'the summary of a comparison': comparisonMarkdown(compared, annotationsOf(compared, new Map())),
  'an exposure': said({ ...headed('exposure', origin), ...before.exposure }),
  'a patch': said(fixing),
  'a recommendation': said(recommended),
  'the change request': changeRequest(compared, { version: '1', date: '2026-01-01', command: ['compare'] })
    // What was loaded is not the lab's to change, nor are texts of shipped rule sets.
    .replaceAll(/```[\s\S]*?```/g, ''),
  annotations: JSON.stringify(annotationsOf(compared, new Map())),
  'a summary in Markdown': markdown(run),
  'the page, before its script runs': page
    .replaceAll(/<script[\s\S]*?<\/script>/g, '')
    // A link to a cell is by its id.
    .replaceAll(/href="[^"]*"/g, ''),
};

describe('where every host has a name of the user,', () => {
  it.each(Object.entries(outputs))('%s has no name of the lab', (_what, text) => {
    expect(text).toMatch(/host-\d+\.example/);
    expect(labWords(text)).toEqual([]);
  });

  it('the document has the names of the lab, the table of names, and can be read again', () => {
    const [document] = readResults('run.json', resultJson(run));
    expect(document).toMatchObject({ kind: 'run', names, cells: run.cells });
  });

  it('a rule, a rule set and a file that are called like a host keep their names', () => {
    const made = cellWith('dropped', 'isa-y', 'up');
    const cells = [{ ...made, verdict: { ...made.verdict, rule: 'let y-server out' } }];
    const text = results(cells, { ...facts, staged: new Set() }, style).join('\n');
    expect(text).toMatch(/^isa-y:/m);
    expect(text).toContain('rule "let y-server out"');
    expect(text).toMatch(/explain isa-y\/host-3\.example\/host-6\.example\/pasv/);
    expect(new Set(labWords(text))).toEqual(new Set(['isa-y', 'y-server']));
  });
});

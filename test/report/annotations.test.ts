import { describe, expect, it } from 'vitest';
import type { CellResult, Verdict } from '../../lab/model/cell.ts';
import { headed } from '../../lab/model/origin.ts';
import type { ComparisonResult, TriedRules } from '../../lab/model/result/comparison.ts';
import { annotationsOf } from '../../lab/report/annotations/annotations.ts';
import { annotationsText } from '../../lab/report/annotations/formats.ts';
import { breaksNothing, changed, compareCells } from '../../lab/verdict/comparison.ts';
import { judgeDemands } from '../../lab/verdict/demands.ts';
import { exposureOf, pinholesOf } from '../exposure/fixtures.ts';
import { cell, runOf } from './fixtures.ts';

const rules = (...lines: string[]) =>
  `*filter\n:FORWARD DROP [0:0]\n${lines.map((line) => `${line}\n`).join('')}COMMIT\n`;
const [accept, drop, high] = [
  '-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT',
  '-A FORWARD -j DROP',
  '-A FORWARD -p tcp --dport 1024: -j DROP',
];

/** A side of which the passive uploads came out so; `way`: where the refused ones were refused. */
function side(name: string, kind: 'up' | 'dropped', way: Verdict['way'] = []): TriedRules {
  const cells = (['pasv', 'epsv'] as const).map((mode): CellResult => {
    const made = cell(name, 'y-server', 'vsftpd', mode, kind);
    return {
      ...made,
      expected: null,
      asExpected: null,
      verdict: { ...made.verdict, ...(kind === 'dropped' && { way }) },
    };
  });
  return {
    name,
    file: `${name}.rules`,
    ruleSet: null,
    rules: null,
    cells,
    exposure: exposureOf(
      name,
      [],
      pinholesOf(() => false),
    ),
  };
}

function compared(before: TriedRules, after: TriedRules, need: string[] = []): ComparisonResult {
  const changes = compareCells(before.cells, after.cells);
  return {
    ...headed('comparison', { lab: '1', engine: null, files: [] }),
    before,
    after,
    changes: changed(changes),
    ports: [],
    demands: judgeDemands({ need, forbid: [] }, after.cells),
    summary: { breaksNothing: breaksNothing(changes), lines: [] },
  };
}

const at = (chain: string, line: number | null, rule: string) => ({
  table: 'filter',
  chain,
  line,
  rule,
  comment: null,
});
const texts = (before: string, after: string) =>
  new Map([
    ['old.rules', before],
    ['new.rules', after],
  ]);

describe('the annotated line', () => {
  const lines = (before: string, after: string, way: Verdict['way'], used: TriedRules['used'] = {}) =>
    annotationsOf(
      compared({ ...side('old', 'up'), used }, side('new', 'dropped', way)),
      texts(before, after),
    ).map(({ level, file, line, title }) => [level, file, line, title]);
  const both = '2 uploads no longer work';

  it('is the new rule that decides', () => {
    expect(lines(rules(accept), rules(high, accept), [at('FORWARD', 3, high)])).toEqual([
      ['error', 'new.rules', 3, both],
    ]);
  });

  it('is the new rule that sends packets to a chain that drops', () => {
    const log = [':LOGDROP - [0:0]', '-A LOGDROP -j DROP'];
    const after = rules(...log, '-A FORWARD -p tcp -j LOGDROP', accept);
    const way = [at('FORWARD', 5, '-A FORWARD -p tcp -j LOGDROP'), at('LOGDROP', 4, '-A LOGDROP -j DROP')];
    expect(lines(rules(...log, accept), after, way)).toEqual([['error', 'new.rules', 5, both]]);
  });

  it('is the rule that decides now, and where a rule is gone that packets met', () => {
    const used = {
      'isa-y': [
        {
          table: 'filter',
          chain: 'FORWARD',
          line: 3,
          rule: accept,
          packets: 9,
          use: 'decided' as const,
          shadowedBy: null,
        },
      ],
    };
    expect(lines(rules(accept, drop), rules(drop), [at('FORWARD', 3, drop)], used)).toEqual([
      // The rule took the place of the one that is gone.
      ['error', 'new.rules', 3, both],
    ]);
    const more = rules(high, drop);
    expect(lines(rules(accept, high, drop), more, [at('FORWARD', 4, drop)], used)).toEqual([
      ['error', 'new.rules', 4, both],
      ['notice', 'new.rules', 3, 'Here a rule is gone that packets of these uploads met'],
    ]);
  });

  it('is the line that declares the chain if its policy decides', () => {
    expect(lines(rules(accept), rules(high), [at('FORWARD', null, 'policy FORWARD DROP')])).toEqual([
      ['error', 'new.rules', 2, both],
    ]);
  });

  it('is where a rule set in TypeScript names the rule', () => {
    const before = side('old', 'up');
    const [named] = annotationsOf(
      compared(before, side('new', 'dropped')),
      texts('', "export default {\n  rules: [deny('Default rule')],\n};\n"),
    );
    expect(named).toMatchObject({ line: 2 });
  });

  it('is the whole file if nothing is known of it', () => {
    expect(annotationsOf(compared(side('old', 'up'), side('new', 'dropped')), new Map())).toMatchObject([
      { file: 'new.rules', line: null },
    ]);
  });
});

it('counts what is needed apart from what worked before', () => {
  const [first] = annotationsOf(
    compared(side('old', 'up'), side('new', 'dropped'), ['y-server/vsftpd/pasv']),
    new Map(),
  );
  expect(first?.title).toBe('1 needed upload does not work and 1 upload no longer works');
});

it('has nothing to say if all is as asked', () => {
  expect(annotationsOf(compared(side('old', 'dropped'), side('new', 'up')), new Map())).toEqual([]);
});

it('of a run is about what was asked, and about what was expected', () => {
  const run = runOf([cell('gw', 'y-server', 'vsftpd', 'pasv', 'dropped')]);
  const demands = judgeDemands({ need: ['y-server/vsftpd/pasv'], forbid: [] }, run.cells);
  expect(annotationsOf({ ...run, summary: { ...run.summary, demands } }, new Map())[0]).toMatchObject({
    level: 'error',
    title: expect.stringContaining('1 needed upload does not work'),
  });
});

it('of a run that asks nothing is about what could not be decided', () => {
  const made = cell('gw', 'y-server', 'vsftpd', 'pasv', 'dropped');
  const undecided = {
    ...made,
    expected: null,
    asExpected: null,
    verdict: { ...made.verdict, cause: 'inconclusive' as const, rule: null },
  };
  const [said] = annotationsOf(runOf([undecided]), new Map());
  expect(said).toMatchObject({ level: 'error', title: '1 upload could not be decided' });
});

describe('a service', () => {
  const said = [
    {
      level: 'error' as const,
      file: 'a,b:c.rules',
      line: 7,
      title: 'T: 100%, <x>',
      message: 'one "two"\nthree',
    },
    { level: 'notice' as const, file: null, line: null, title: 'N', message: 'M' },
  ];
  const digest = (words: string) => `digest of ${words.length}`;

  it('GitHub gets a command a line, in which no word ends it', () => {
    expect(annotationsText('github', said, digest)).toBe(
      '::error file=a%2Cb%3Ac.rules,line=7,title=T%3A 100%25%2C <x>::one "two"%0Athree\n::notice title=N::M\n',
    );
  });

  it('GitLab gets a Code Quality report', () => {
    expect(JSON.parse(annotationsText('gitlab', said, digest))).toMatchObject([
      {
        severity: 'major',
        location: { path: 'a,b:c.rules', lines: { begin: 7 } },
        fingerprint: expect.any(String),
      },
      { severity: 'info' },
    ]);
  });

  it('GitLab, which shows one finding of a fingerprint, gets another one for each line', () => {
    const [one] = said;
    const text = annotationsText('gitlab', [one, { ...one, line: 8 }] as typeof said, (words) => words);
    const found = JSON.parse(text) as { fingerprint: string }[];
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('JUnit gets a failure for each error, or one test that passes', () => {
    const text = annotationsText('junit', said, digest);
    expect(text).toContain('tests="1" failures="1"');
    expect(text).toContain('name="T: 100%, &lt;x&gt;"');
    expect(annotationsText('junit', [], digest)).toContain('tests="1" failures="0"');
  });
});

import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { ownProgram } from '../../lab/own-files.ts';
import { htmlReport } from '../../lab/report/html/html-report.ts';
import { judgeDemands } from '../../lab/verdict/demands.ts';
import { droppedEvidence } from './evidence-fixture.ts';
import { cell, runOf, settingOf, wholeRun } from './fixtures.ts';

const evil = '</script><img src=x onerror=alert(1)>"\'&<!--';

describe('the HTML report', () => {
  it('loads nothing from elsewhere', async () => {
    const html = htmlReport(runOf(wholeRun()), ownProgram('report-script.js'));
    expect(html.match(/\b(?:src|href)="(?!#)[^"]*"/g)).toBeNull();
    expect(html).not.toMatch(/@import|url\(|\bfetch\(|XMLHttpRequest/);
  });

  it('has a button for each cell', () => {
    const cells = wholeRun();
    const indexes = [...htmlReport(runOf(cells), '').matchAll(/data-cell="(\d+)"/g)].map(([, index]) =>
      Number(index),
    );
    expect(indexes.sort((a, b) => a - b)).toEqual(cells.map((_cell, index) => index));
  });

  it('shows staged causes in a table of their own, one button each, and the others in the matrix', () => {
    const cells = [
      cell('port-without-filter', 'y-workstation', 'vsftpd-port-2121', 'pasv', 'dropped'),
      cell('as-reported', 'y-server', 'vsftpd', 'pasv', 'dropped'),
      cell('port-without-filter', 'y-workstation', 'vsftpd', 'pasv', 'up', 'dropped'),
    ];
    const setting = settingOf(cells, ['port-without-filter']);
    const html = htmlReport({ ...runOf(cells), setting }, '');
    const tables = [...html.matchAll(/<table class="matrix.*?<\/table>/gs)].map(([table]) =>
      [...table.matchAll(/data-cell="(\d+)"/g)].map(([, index]) => Number(index)),
    );
    expect(tables).toEqual([[1], [0, 2]]);
    expect(html).toMatch(
      /port-without-filter<\/th><td[^>]*>y-workstation &#62; vsftpd-port-2121, pasv<\/td>/,
    );
    expect(html).toMatch(/>data-dropped<\/td><td[^>]*>isa-y: Default rule<\/td>/);
    expect(html).toContain('not as expected, y-workstation &#62; vsftpd, pasv');
    expect(html).not.toContain('<dt><strong>port-without-filter');
  });

  it('names the scenarios that could not be staged, and why', () => {
    const run = runOf(wholeRun());
    const skipped = [{ name: 'ftp-filter', reason: 'no helper <ftp>' }];
    expect(htmlReport({ ...run, summary: { ...run.summary, skipped } }, '')).toContain(
      'SKIPPED: ftp-filter. This kernel cannot stage it: no helper &#60;ftp&#62;',
    );
  });

  it('escapes names, rules and replies', () => {
    const one = cell(evil, 'y-server', 'vsftpd', 'pasv', 'dropped', 'up');
    const run = runOf(
      [{ ...one, verdict: { ...one.verdict, rule: evil, sentence: evil }, evidence: droppedEvidence(evil) }],
      evil,
    );
    const rules = { iptables: `-A FORWARD -m comment --comment "${evil}" -j DROP\n`, nft: null };
    const html = htmlReport(
      {
        ...run,
        setting: {
          plan: addressPlan(0),
          ruleSets: [{ name: evil, question: evil, firewalls: { 'isa-x': rules, 'isa-y': rules } }],
        },
      },
      'void 0;',
    );
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<!--');
    expect(html.match(/<\/script/g)).toHaveLength(3);
  });

  it('shows the notes on the rules', () => {
    const notes = [{ kind: 'fact', text: 'eth0 <stands> for inside' }] as const;
    const setting = { plan: addressPlan(0), ruleSets: [], notes };
    expect(htmlReport({ ...runOf(wholeRun()), setting }, '')).toContain('eth0 &#60;stands&#62; for inside');
  });

  it('says first that a run is void, and what is not as expected', () => {
    const html = htmlReport(
      runOf([cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped', 'up')], 'a control failed'),
      '',
    );
    expect(html).toContain('VOID: a control failed');
    expect(html).toMatch(/Not as expected[\s\S]*expected an upload, got data-dropped/);
  });
});

describe('how a cell looks', () => {
  const kindsOf = (html: string) =>
    [...html.matchAll(/<button type="button" class="cell (\w+)"/g)].map(([, kind]) => kind);

  it('tells what was expected to be blocked from what was not', () => {
    const cells = [
      cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped'),
      cell('r', 'y-server', 'vsftpd', 'epsv', 'dropped', 'up'),
      { ...cell('r', 'y-server', 'vsftpd', 'port', 'dropped'), expected: null, asExpected: null },
      cell('r', 'y-server', 'vsftpd', 'eprt', 'up'),
    ];
    expect(kindsOf(htmlReport(runOf(cells), ''))).toEqual(['blocked', 'differs', 'failed', 'up']);
  });

  it('is loud if the upload was needed, and calm if it was forbidden', () => {
    const cells = (['pasv', 'epsv'] as const).map((mode) => ({
      ...cell('r', 'y-server', 'vsftpd', mode, 'dropped'),
      expected: null,
      asExpected: null,
    }));
    const run = runOf(cells);
    const demands = judgeDemands({ need: ['y-server/vsftpd/pasv'], forbid: ['y-server/vsftpd/epsv'] }, cells);
    const html = htmlReport({ ...run, summary: { ...run.summary, demands } }, '');
    expect(kindsOf(html)).toEqual(['differs', 'blocked']);
    expect(html).toMatch(/<p class="state loud">NEEDED, but does not upload \(1 of 1\)/);
  });
});

it('has all clients in one table', () => {
  const html = htmlReport(runOf(wholeRun()), '');
  expect(html.match(/<table class="matrix">/g)).toHaveLength(1);
  expect([...html.matchAll(/<tbody data-client="([^"]*)"/g)].map(([, client]) => client)).toEqual([
    'x-workstation',
    'y-server',
    'y-workstation',
  ]);
});

it('looks cut short if the run was', () => {
  const [first, ...rest] = wholeRun();
  if (!first) throw new Error('A run has cells');
  const run = runOf([first]);
  const html = htmlReport({ ...run, summary: { ...run.summary, missing: rest.map(({ id }) => id) } }, '');
  expect(html).not.toContain('class="state calm"');
  expect(html).toMatch(/<p class="state cut">CUT SHORT: \d+ planned cells were not tried/);
  expect(html).toContain('<span class="cell missing">not tried</span>');
});

it('says when it was made, and by which command', () => {
  const made = { at: '2026-01-02T03:04:05.678Z', command: 'ftplab run <x>' };
  expect(htmlReport(runOf(wholeRun()), '', '', made)).toContain(
    'Made 2026-01-02 03:04 UTC by <code>ftplab run &#60;x&#62;</code>',
  );
});

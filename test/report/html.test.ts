import { describe, expect, it } from 'vitest';
import { reportScript } from '../../lab/cli/report-script.ts';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { htmlReport } from '../../lab/report/html/report.ts';
import { droppedEvidence } from './evidence-fixture.ts';
import { cell, runOf, wholeRun } from './fixtures.ts';

const evil = '</script><img src=x onerror=alert(1)>"\'&<!--';

describe('the HTML report', () => {
  it('needs nothing from elsewhere', async () => {
    const html = htmlReport(runOf(wholeRun()), await reportScript());
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

  it('takes no name, rule or reply for markup', () => {
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

  it('tells what is to be known of the rules', () => {
    const setting = { plan: addressPlan(0), ruleSets: [], notes: ['eth0 <stands> for inside'] };
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

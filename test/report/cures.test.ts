import { describe, expect, it } from 'vitest';
import { causes } from '../../lab/model/cause.ts';
import { causesPage } from '../../lab/own-files.ts';
import { causeSections } from '../../lab/report/cause-sections.ts';
import { htmlReport } from '../../lab/report/html/html-report.ts';
import { markdown } from '../../lab/report/markdown/markdown.ts';
import { causeText, curesText } from '../../lab/report/text/cures.ts';
import { cures, curesOfAstray } from '../../lab/verdict/cures.ts';
import { cell, runOf } from './fixtures.ts';

const plain = { width: 80, color: false };
const asked = (kind: 'up' | 'dropped' | 'read-only') => cell('r', 'y-server', 'vsftpd', 'pasv', kind, null);

describe('what cures it', () => {
  it('is said once for each cause of what nobody expected to fail', () => {
    const text = curesText([asked('dropped'), asked('dropped'), asked('up'), asked('read-only')], plain);
    expect(text.match(/data-dropped:/g)).toHaveLength(1);
    expect(text.replace(/\s+/g, ' ')).toContain(cures['data-dropped'].sentence);
    expect(text).toContain('"ftplab explain command-refused-by-firewall"');
  });

  it('tells a packet that a rule turned elsewhere from one that a rule dropped', () => {
    const dropped = asked('dropped');
    const turned = { ...dropped, verdict: { ...dropped.verdict, astray: 'turned' as const } };
    const text = curesText([dropped, turned, turned], plain).replace(/\s+/g, ' ');
    expect(text.match(/data-dropped:/g)).toHaveLength(2);
    expect(text).toContain(cures['data-dropped'].sentence);
    expect(text).toContain(curesOfAstray.turned.sentence);
  });

  it('is not said of what was expected, nor of what works', () => {
    const expected = cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped', 'dropped');
    expect(curesText([expected, asked('up')], plain)).toBe('');
  });

  it('is in the summary in Markdown, and with the whole section in the HTML report', () => {
    const run = runOf([asked('dropped')]);
    expect(markdown(run)).toContain('What cures `data-dropped`: ');
    const html = htmlReport(run, '', causesPage());
    expect(html).toContain('id="cause-data-dropped"');
    expect(html).toContain('Never open all high ports to everybody');
    expect(html).not.toContain('id="cause-login-denied"');
  });

  it.each(causes)('explains %s within the width', (cause) => {
    const text = causeText(cause, causeSections(causesPage()).get(cause) ?? '', plain);
    expect(text.length).toBeGreaterThan(cause.length + 80);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

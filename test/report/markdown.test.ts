import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { markdown } from '../../lab/report/markdown/markdown.ts';
import { cell, runOf, settingOf, wholeRun } from './fixtures.ts';

describe('the summary in Markdown', () => {
  it('has a row per rule set and a column per server', () => {
    const text = markdown(runOf(wholeRun()));
    expect(text).toMatch(/^### ftplab: 364 cells, all as expected$/m);
    expect(text).toMatch(/^\| rule set \| to vsftpd \| to proftpd \| to pure-ftpd \| to y-server \|$/m);
    expect(text).toContain(
      '| high-ports-outbound | up · up · login · login | up · up · login · login | up · up · login · login |',
    );
  });

  it('has as many columns in each row as in the heading', () => {
    for (const table of markdown(runOf(wholeRun())).match(/(^\|.*\|\n)+/gm) ?? []) {
      const widths = new Set(
        table
          .trim()
          .split('\n')
          .map((line) => line.split('|').length),
      );
      expect(widths.size).toBe(1);
    }
  });

  it('names what differs, with its sentence, and why a run is void', () => {
    const text = markdown(
      runOf([cell('r', 'y-server', 'vsftpd', 'pasv', 'dropped', 'up')], 'a control failed'),
    );
    expect(text).toContain('1 not as expected');
    expect(text).toContain('**VOID:** a control failed');
    expect(text).toContain(
      "- `r/y-server/vsftpd/pasv`: expected an upload, got data-dropped. isa-y's Default rule",
    );
    expect(text).toContain('**!login**');
  });

  it('shows the notes on the rules', () => {
    const notes = [{ kind: 'fact', text: 'eth0 stands for inside' }] as const;
    const setting = { plan: addressPlan(0), ruleSets: [], notes };
    expect(markdown({ ...runOf(wholeRun()), setting })).toMatch(/^Note: eth0 stands for inside$/m);
  });

  it('has a separate table for staged causes, with a legend', () => {
    const asked = cell('as-reported', 'y-server', 'vsftpd', 'pasv', 'dropped');
    const causes = [
      cell('port-without-filter', 'y-workstation', 'vsftpd-port-2121', 'pasv', 'dropped'),
      cell('server-permission', 'y-workstation', 'vsftpd-write-off', 'pasv', 'read-only', 'up'),
    ];
    const setting = settingOf([asked, ...causes], ['port-without-filter', 'server-permission']);
    const [before = '', table = ''] = markdown({ ...runOf([asked, ...causes]), setting }).split('Causes,');
    expect(before).toContain('| as-reported | login |');
    expect(before).not.toContain('| port-without-filter');
    expect(table).toContain(
      '| port-without-filter | y-workstation &#62; vsftpd-port-2121, pasv | login | data-dropped | isa-y: Default rule |',
    );
    expect(table).toContain('| **&#33;list** | command-refused-by-firewall | isa-y: FTP out |');
    expect(table).toContain('`list` logs in and lists, cannot upload');
    expect(table).not.toContain('as-reported');
  });

  it('names the scenarios that could not be staged, and why', () => {
    const run = runOf(wholeRun());
    const skipped = [{ name: 'ftp-filter', reason: 'no helper <ftp>' }];
    expect(markdown({ ...run, summary: { ...run.summary, skipped } })).toContain(
      'SKIPPED: ftp-filter. This kernel cannot stage it: no helper &#60;ftp&#62;',
    );
  });

  it('escapes names', () => {
    const text = markdown(runOf([cell('a|b<img src=x>`c`', 'y-server', 'vsftpd', 'pasv', 'up')]));
    expect(text).toContain('| a&#124;b&#60;img src=x&#62;&#96;c&#96; | up |');
  });
});

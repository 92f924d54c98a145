import { describe, expect, it } from 'vitest';
import { addressPlan } from '../../lab/network/address-plan.ts';
import { markdown } from '../../lab/report/markdown.ts';
import { cell, runOf, wholeRun } from './fixtures.ts';

describe('the summary in Markdown', () => {
  it('has a row per rule set and a column per server', () => {
    const text = markdown(runOf(wholeRun()));
    expect(text).toMatch(/^### ftplab: 364 cells, all as expected$/m);
    expect(text).toMatch(/^\| rule set \| to vsftpd \| to proftpd \| to pure-ftpd \| to y-server \|$/m);
    expect(text).toContain(
      '| high-ports-outbound | up · up · login · login | up · up · login · login | up · up · login · login |',
    );
  });

  it('has as many columns in each row as in its heading', () => {
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

  it('tells what is to be known of the rules', () => {
    const setting = { plan: addressPlan(0), ruleSets: [], notes: ['eth0 stands for inside'] };
    expect(markdown({ ...runOf(wholeRun()), setting })).toMatch(/^Note: eth0 stands for inside$/m);
  });

  it('lets nothing in a name count as Markdown or HTML', () => {
    const text = markdown(runOf([cell('a|b<img src=x>`c`', 'y-server', 'vsftpd', 'pasv', 'up')]));
    expect(text).toContain('| a&#124;b&#60;img src=x&#62;&#96;c&#96; | up |');
  });
});

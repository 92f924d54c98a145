/** The matrix that README shows is the one that the scenarios expect. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { transferModes } from '../../lab/model/attempt.ts';
import { cellsOf } from '../../lab/model/scenario.ts';
import { scenarios } from '../../scenarios/index.ts';

const readme = readFileSync('README.md', 'utf8');
const asked = scenarios.filter((scenario) => !scenario.stages);
const cells = asked.flatMap(cellsOf).filter(({ key }) => key.client === 'y-server');

it('has a row for each rule set that y-server uploads under, with what is expected', () => {
  const [, table = ''] = /^from y-server, y-workstation\n.*\n.*\n([\s\S]*?)\n\n/m.exec(readme) ?? [];
  const expected = [...new Set(cells.map(({ key }) => key.ruleSet))].map((ruleSet) => {
    const words = ['vsftpd', 'proftpd', 'pure-ftpd'].map((server) =>
      transferModes.map((mode) => {
        const cell = cells.find(
          ({ key }) => key.ruleSet === ruleSet && key.server === server && key.mode === mode,
        );
        return cell && wordOf(cell.expected);
      }),
    );
    return [ruleSet, ...words.map((some) => some.join(' '))].join(' | ');
  });
  expect(table.split('\n').map((row) => row.replace(/ +/g, ' ').trim())).toEqual(expected);
});

it('counts the cells of a whole run', () => {
  const [, shown] = /^(\d+) cells, all as expected\.$/m.exec(readme) ?? [];
  expect(Number(shown)).toBe(scenarios.flatMap((one) => cellsOf(one)).length);
});

function wordOf({ uploaded, cause }: { uploaded: boolean; cause: string }): string {
  if (uploaded) return 'up';
  if (cause.startsWith('control-')) return '-';
  return cause.startsWith('command-refused') ? 'list' : 'login';
}

import { expect, it } from 'vitest';
import { cellId } from '../../lab/model/cell.ts';
import { cellsOf } from '../../lab/model/scenario.ts';
import { parseCell, ruleSetOf } from '../../lab/trial/parse-cell.ts';
import { scenarios } from '../../scenarios/index.ts';

const shipped = scenarios.flatMap((scenario) =>
  cellsOf(scenario).map(({ key }) => [cellId(key), key] as const),
);

it.each(shipped)('%s is a cell, as every one that "run" prints', (id, key) => {
  expect(parseCell(id, ruleSetOf(id))).toEqual(key);
});

it('may leave the rule set out if the rules are given separately', () => {
  const whole = parseCell('mine/y-server/vsftpd/pasv/curl/tls', 'mine', true);
  expect(parseCell('y-server/vsftpd/pasv/curl/tls', 'mine', true)).toEqual(whole);
  expect(() => parseCell('y-server/vsftpd', 'mine', true)).toThrow('is not a cell');
});

import { describe, expect, it } from 'vitest';
import { cellId } from '../../lab/model/cell.ts';
import type { RuleSet } from '../../lab/model/rule-set.ts';
import { cellsOf, type Scenario } from '../../lab/model/scenario.ts';
import { selectCells } from '../../lab/trial/select-cells.ts';

const nothing = { networkRule: null, accessRules: [] };

function scenario(name: string, clients: Scenario['cells'][number]['clients']): Scenario {
  const ruleSet: RuleSet = {
    kind: 'isa',
    name,
    description: name,
    firewalls: { 'isa-x': nothing, 'isa-y': nothing },
  };
  const expect = { uploaded: false, cause: 'data-dropped' } as const;
  return {
    name,
    question: `${name}?`,
    ruleSet,
    cells: [{ clients, servers: ['vsftpd', 'proftpd'], expect }],
  };
}

const scenarios = [
  scenario('as-reported', ['x-workstation', 'y-server']),
  scenario('nat-as-reported', ['y-server']),
  scenario('ftp-filter', ['x-workstation', 'y-server']),
];
const all = scenarios.flatMap((one) => cellsOf(one).map(({ key }) => cellId(key)));
const selected = (...patterns: string[]) =>
  selectCells(scenarios, patterns).flatMap((one) => cellsOf(one).map(({ key }) => cellId(key)));

describe('selectCells', () => {
  it.each([
    [[], /./],
    [['as-reported'], /^as-reported\//],
    [['*as-reported'], /^(nat-)?as-reported\//],
    [['as-reported/*/vsftpd/*'], /^as-reported\/[^/]+\/vsftpd\//],
    [['as-reported/y-server'], /^as-reported\/y-server\//],
    [['as-reported/'], /^as-reported\//],
    [['*/*/*/pasv'], /\/pasv$/],
    [['proftpd'], /\/proftpd\//],
    [['ftp-filter/y-server/vsftpd/pasv'], /^ftp-filter\/y-server\/vsftpd\/pasv$/],
    [['nat-as-reported', 'ftp-filter/*/*/eprt'], /^nat-as-reported\/|^ftp-filter\/.*\/eprt$/],
  ])('%j', (patterns, ids) => {
    const wanted = all.filter((id) => ids.test(id));
    expect(wanted.length).toBeGreaterThan(0);
    expect(selected(...patterns)).toEqual(wanted);
  });

  it('keeps what is expected of a cell', () => {
    const [only] = selectCells(scenarios, ['ftp-filter/y-server/vsftpd/pasv']).flatMap(cellsOf);
    expect(only?.expected).toEqual({ uploaded: false, cause: 'data-dropped' });
  });

  it.each([
    ['as-reportd', 'Did you mean "as-reported"'],
    ['vsftp', 'Did you mean "vsftpd"'],
    ['nonsense', 'There are: as-reported, nat-as-reported, ftp-filter.'],
    ['as-reported/y-servr', '"y-servr": Did you mean "y-server"'],
    ['as-reported/y-server/vsftpd/passive', '"passive":'],
    ['as-reported/y-server/vsftpd/pasv/curl', 'A cell is rule-set/client/server/mode.'],
    ['nat-as-reported/x-workstation', '"x-workstation": There are: y-server.'],
    ['as.reported', 'Did you mean "as-reported"'],
  ])('%s matches nothing: %s', (pattern, hint) => {
    expect(() => selected('ftp-filter', pattern)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: `Nothing matches "${pattern}"`,
        hint: expect.stringContaining(hint),
      }),
    );
  });
});

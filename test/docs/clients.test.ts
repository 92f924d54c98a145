/** What docs/clients.md, written from a run of the lab, has to tell. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { driverNames } from '../../lab/model/attempt.ts';
import { clientPrograms } from '../../lab/model/drivers.ts';
import { cellsOf } from '../../lab/model/scenario.ts';
import { scenarios } from '../../scenarios/index.ts';

const page = readFileSync('docs/clients.md', 'utf8');

it.each(clientPrograms)('has what %s prints, and how long its user waits', (driver) => {
  const [, section = ''] = new RegExp(`^### ${driver}\\n([^]*?)(?=^### |$(?![^]))`, 'm').exec(page) ?? [];
  expect(section).toMatch(/\*\*as-reported\*\*, \w+: (failed|ended by the lab) after (\d+ min )?\d+ s/);
});

it('has every cell of the programs that the scenarios expect to upload, as expected', () => {
  const [, head = ''] = /^\| client, mode \|(.*)\|$/m.exec(page) ?? [];
  const ruleSets = head.split('|').map((name) => name.replace(/[` ]/g, ''));
  for (const { key, expected } of scenarios.flatMap((scenario) => cellsOf(scenario))) {
    if (
      key.ipv6 ||
      key.named ||
      key.driver === driverNames[0] ||
      !clientPrograms.includes(key.driver) ||
      key.server !== 'vsftpd'
    )
      continue;
    const [, row = ''] = new RegExp(`^\\| ${key.driver}, ${key.mode} \\|(.*)\\|$`, 'm').exec(page) ?? [];
    const shown = row.split('|')[ruleSets.indexOf(key.ruleSet)]?.trim();
    expect(shown, `${key.ruleSet} ${key.driver} ${key.mode}`).toBe(
      expected.uploaded ? '**uploads**' : expected.cause,
    );
  }
});

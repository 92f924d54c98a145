/** Choosing a fix and writing down what it does: recommend, compare and change-request, in one lab. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftBehind } from './left-behind.ts';
import { ftplab } from './run-ftplab.ts';

const name = 'it-choose';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-choose-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await ftplab(['down', '--name', name]);
  expect(await leftBehind(name)).toEqual([]);
});

const choose = (...args: string[]) =>
  ftplab([...args, '--name', name, '--keep'], { env: { COLUMNS: '400', LC_ALL: 'C' } });

interface Recommended {
  readonly need: string[];
  readonly fixes: { name: string; ports: number; dominatedBy: string | null }[];
  readonly failing: { name: string; cells: { verdict: { cause: string } }[] }[];
}

/** What is recommended for a need; its exit status is 0. */
async function recommended(...need: string[]): Promise<Recommended> {
  const { status, stdout, stderr } = await choose(
    'recommend',
    ...need.flatMap((cell) => ['--need', cell]),
    '--json',
    '-',
  );
  expect(stderr).not.toMatch(/^ftplab:/m);
  expect(status).toBe(0);
  return JSON.parse(stdout) as Recommended;
}

describe('recommend', () => {
  it('puts the filter before the ports that the report proposed, which let through all that and more', async () => {
    const { fixes } = await recommended('y-server/vsftpd/pasv');
    expect(fixes[0]).toMatchObject({ name: 'ftp-filter', dominatedBy: null });
    expect(fixes.at(-1)).toMatchObject({ name: 'high-ports-outbound', dominatedBy: 'ftp-filter' });
  });

  it('offers no filter where FTPS is needed, since it refuses FTPS, but the servers’ own ranges', async () => {
    const need = 'y-workstation/vsftpd-tls/pasv/tls';
    const { fixes, failing, ...rest } = await recommended(need);
    expect(rest.need).toEqual([need]);
    expect(fixes.map((fix) => [fix.name, fix.dominatedBy])).toEqual([
      ['ftps-fixed', null],
      ['high-ports-outbound', 'ftps-fixed'],
    ]);
    const filter = failing.find((candidate) => candidate.name === 'ftp-filter');
    expect(filter?.cells.map(({ verdict }) => verdict.cause)).toEqual(['tls-refused-by-firewall']);
  });

  it('names the cells of a need that no candidate meets', async () => {
    const need = ['x-workstation/y-server/pasv', 'y-server/vsftpd/pasv'];
    const { status, stdout } = await choose('recommend', ...need.flatMap((cell) => ['--need', cell]));
    expect(status).toBe(1);
    expect(stdout).toContain(`No candidate meets the need (${need.join(', ')}).`);
    expect(stdout).toMatch(
      /^- both-firewalls-fixed: does not do, 1 of 2 cells fail\. y-server\/vsftpd\/pasv: /m,
    );
  });
});

it('compare says what Read Only leaves: LIST and RETR work now, STOR fails differently', async () => {
  const { status, stdout } = await choose('compare', 'as-reported', 'ftp-filter-read-only');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\+ LIST and RETR: works now \(36 of 40 cells/m);
  expect(stdout).toMatch(
    /^~ STOR: fails differently, data-dropped by Default rule before, command-refused-by-firewall by .* now \(36 of 40/m,
  );
});

it('change-request leaves only names and a ticket to be filled in, and ends with 1 where something breaks', async () => {
  const stem = join(folder, 'back');
  const { status, stdout } = await choose(
    'change-request',
    'as-reported',
    '--before',
    'ftp-filter',
    '--output',
    stem,
  );
  expect(status).toBe(1);
  expect(stdout).toBe(`${stem}.md\n${stem}.html\n`);
  const markdown = await readFile(`${stem}.md`, 'utf8');
  expect(markdown.match(/^\| (.+) \| _+ \|$/gm)).toEqual([
    '| Ticket | ________ |',
    '| Requested by | ________ |',
    '| Approved by | ________ |',
  ]);
  expect(markdown).toMatch(/^- `-` LIST, STOR and RETR: WORKS NO LONGER.*\(36 of 40 cells/m);
  const html = await readFile(`${stem}.html`, 'utf8');
  for (const section of ['1. Symptom', '5. What does not change', '7. Rollback', '8. Verification'])
    expect([markdown.includes(`## ${section}`), html.includes(section)]).toEqual([true, true]);
});

/** Choosing a fix, in one lab; the examples of README and docs/the-report.md, which are tried too, choose the usual one. */
import { afterAll, describe, expect, it } from 'vitest';
import { leftBehind } from './left-behind.ts';
import { ftplab } from './run-ftplab.ts';

const name = 'it-choose';
afterAll(async () => {
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
  it('offers no filter if FTPS is needed, because it refuses FTPS, but the servers’ own ranges', async () => {
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
      /^- both-firewalls-fixed: does not meet the need: 1 of 2 cells fail\. y-server\/vsftpd\/pasv: /m,
    );
  });
});

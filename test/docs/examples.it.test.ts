/** The command lines that README and the pages show, run as a reader would, and what they are shown to print. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ftplab } from '../cli/run-ftplab.ts';
import { commandExamples, shownAs, squeezed } from './command-examples.ts';
import { examples } from './examples.ts';

const own = ['--name', 'it-docs'];
/** What cannot be run here, and why; tests of their own run the like. */
const notHere: readonly [RegExp, string][] = [
  [/^docs\/terraform\.md/, 'needs Terraform'],
  [/^docs\/one-image\.md/, 'builds an image, and runs in it'],
  [
    / (gw6?|my|edge|server|workstation|host|pull-request|vsftpd)\.(rules|nft)/,
    "reads the reader's own files",
  ],
  [/ --network /, "reads the reader's own files"],
  [/ report .*\*/, "reads the reader's own results"],
  [/--server-side/, "looks at the reader's machine"],
  [/ftp:\/\/USER@HOST/, "asks the reader's server"],
  [/doctor --fix/, 'installs packages'],
  [/ try isa-y\.rules/, "has the addresses of the reader's network, which may be this host's"],
];
const isHere = ({ page, line }: { page: string; line: string }) =>
  notHere.every(([pattern]) => !pattern.test(`${page}: ${line}`));
const lines = [...new Set(commandExamples.filter(isHere).map(({ line }) => line))];

/** A run of everything takes its time, and the scenarios' own tests make it: here it is a few cells of it. */
const few = ['all-open/y-server/vsftpd/pasv', 'all-open/y-server/vsftpd/epsv'];
const isWhole = ([command, first, second]: readonly string[]) =>
  command === 'run' && (first === undefined || (first.startsWith('--') && !second?.startsWith('ftp-')));

/** A file of the clone that a line names, from wherever the line is run. */
const inClone = (word: string) => (word.startsWith('test/') ? resolve(word) : word);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-docs-'));
  expect((await ftplab(['up', ...own])).status).toBe(0);
});
afterAll(async () => {
  await ftplab(['down', ...own]);
  await rm(folder, { recursive: true });
});

it.each(lines)('%s', async (line) => {
  const same = commandExamples.filter((example) => example.line === line);
  const args = same[0]?.args ?? [];
  const { status, stdout, stderr } = await ftplab(
    [...args.map(inClone), ...(isWhole(args) ? few : []), ...own],
    { cwd: folder },
  );
  expect(status, stderr).toBe(0);
  for (const { output } of same) expect(squeezed(stdout)).toMatch(shownAs(output));
});

it("the example of the author's page", async () => {
  const file = join(folder, 'partners.ts');
  await writeFile(file, examples.get('partners.ts') ?? '');
  const only = ['--client', 'y-server', '--server', 'vsftpd', '--server', 'proftpd', '--mode', 'pasv'];
  const { status, stdout } = await ftplab(['try', file, ...only, '--json', '-', ...own]);
  expect(status).toBe(0);
  const { cells } = JSON.parse(stdout) as {
    cells: { server: string; verdict: { uploaded: boolean; cause: string } }[];
  };
  expect(cells.map(({ server, verdict }) => [server, verdict.uploaded])).toEqual([
    ['vsftpd', true],
    ['proftpd', true],
  ]);
});

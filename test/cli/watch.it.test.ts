import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { leftBehind } from './left-behind.ts';
import { ftplab, startFtplab } from './run-ftplab.ts';

const name = 'it-d-watch';
const own = ['--name', name];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-watch-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  const left = await leftBehind(name);
  if (left.length > 0) await ftplab(['down', ...own]);
  expect(left).toEqual([]);
});

const rules = (ports: string) => `*filter
:FORWARD DROP [0:0]
-A FORWARD -i lan0 -o wan0 -p tcp --dport ${ports} -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
`;

it('shows what each save changes, keeps the last matrix over a bad one, and ends on Ctrl-C', async () => {
  const file = join(folder, 'mine.rules');
  await writeFile(file, rules('21'));
  const cells = ['--server', 'vsftpd', '--mode', 'pasv', '--mode', 'port'];
  const json = join(folder, 'rounds.jsonl');
  const config = join(folder, 'ftplab.config.ts');
  await writeFile(config, "export default { need: ['y-server/vsftpd/pasv'] };\n");
  const interfaces = ['--inside', 'lan0', '--outside', 'wan0'];
  const { child, ended, saying } = startFtplab([
    'try',
    '--watch',
    file,
    ...cells,
    ...interfaces,
    '--json',
    json,
    '--config',
    config,
    ...own,
  ]);
  await saying(
    /^NEEDED, but does not upload \(1 of 1\): y-server\/vsftpd\/pasv\.$[\s\S]*^mine +\| login login$/m,
  );

  await writeFile(file, rules('21:65535'));
  await saying(/^mine +\| \+up +login$/m);
  await saying(/^\+ LIST, STOR and RETR: works now \(1 of 2 cells, in pasv\)/m);
  await saying(/^Every needed upload works \(1 of 1\)\.$/m);

  // As editors do that write another file and put it in place.
  await writeFile(`${file}.new`, rules('21 -j ACCEPT -m nosuch'));
  await rename(`${file}.new`, file);
  await saying(/mine does not load on isa-y[\s\S]*Results before that:[\s\S]*^mine +\| \+up +login$/m);

  await writeFile(file, (await readFile(file, 'utf8')).replace('COMMIT', ''));
  await saying(/Table filter, begun in line 1, has no COMMIT[\s\S]*^mine +\| \+up +login$/m);

  await writeFile(file, rules('21'));
  await saying(/^mine +\| -login +login$/m);
  child.kill('SIGINT');
  const { status, stderr } = await ended;
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(status).toBe(0);
  const rounds = (await readFile(json, 'utf8')).trimEnd().split('\n');
  const changed = ['LIST', 'RETR', 'STOR'].map((aspect) => [aspect, '+']);
  const said = rounds.map((line) => JSON.parse(line) as JsonRound);
  expect(said.map(({ cells, error }) => [cells.length, error?.code ?? null])).toEqual([
    [2, null],
    [2, null],
    [0, 'rule-set-does-not-load'],
    [0, 'iptables-file-malformed'],
    [2, null],
  ]);
  expect(said[1]?.changes.map(({ aspect, sign }) => [aspect, sign]).toSorted()).toEqual(changed);
});

interface JsonRound {
  readonly cells: readonly unknown[];
  readonly changes: readonly { readonly aspect: string; readonly sign: string }[];
  readonly error: { readonly code: string } | null;
}

it('ends when nobody reads it any more', async () => {
  const file = join(folder, 'mine.rules');
  await writeFile(file, rules('21'));
  const { child, ended, saying } = startFtplab([
    'try',
    '--watch',
    file,
    '--mode',
    'pasv',
    '--inside',
    'lan0',
    '--outside',
    'wan0',
    ...own,
  ]);
  await saying(/^mine +\|/m);
  child.stdout?.destroy();
  await writeFile(file, rules('22'));
  const { status, stderr } = await ended;
  expect(stderr).not.toMatch(/EPIPE/);
  expect(status).toBe(0);
});

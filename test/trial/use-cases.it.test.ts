/** What the command line does, from code: each use case as README shows it, in labs of one name. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runningLabs } from '../../lab/engine/namespaces/running-lab.ts';
import {
  allow,
  compare,
  compareCells,
  explain,
  exposure,
  external,
  ftp,
  internal,
  type RoundResult,
  recommend,
  resume,
  route,
  ruleSet,
  run,
  tryRules,
  watch,
} from '../../lab/index.ts';
import { cellId } from '../../lab/model/cell.ts';
import { leftBehind } from '../cli/left-behind.ts';

const name = 'it-use-cases';
const shared = 'it-shared';
const mine = ruleSet({
  name: 'mine',
  description: 'FTP with uploads, by the access filter.',
  both: {
    networkRule: route(),
    accessRules: [allow('FTP', { protocols: [ftp], from: [internal], to: [external], ftpReadOnly: false })],
  },
});

let folder: string;
const fileOf = (file: string) => join(folder, file);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftplab-use-cases-'));
  const rules = ['*filter', ':FORWARD DROP [0:0]', '-A FORWARD -p tcp --dport 21 -j ACCEPT', 'COMMIT', ''];
  await writeFile(fileOf('gateway.rules'), rules.join('\n'));
  const answers = '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT';
  const outbound = rules.map((rule) => rule.replace('FORWARD -p', 'FORWARD -i inside -p'));
  await writeFile(fileOf('outbound.rules'), outbound.toSpliced(2, 0, answers).join('\n'));
});
// The last use case does not keep the lab.
afterAll(async () => {
  await rm(folder, { recursive: true });
  expect(await leftBehind(name)).toEqual([]);
});

it('run returns cells with what was expected of them, and tells of them as they come', async () => {
  const [planned, came]: [string[], string[]] = [[], []];
  const result = await run({
    patterns: ['as-reported/y-server/vsftpd'],
    name,
    keep: true,
    onPlanned: (cells) => planned.push(...cells.map(({ mode }) => mode)),
    onCell: ({ mode }) => came.push(mode),
  });
  expect(result.cells.map(({ asExpected }) => asExpected)).toEqual([true, true, true, true]);
  expect(result.summary.void).toBeNull();
  expect(result.setting?.ruleSets.map((one) => one.name)).toEqual(['as-reported']);
  expect(planned).toEqual(['pasv', 'epsv', 'port', 'eprt']);
  expect(came.sort()).toEqual(planned.sort());
});

it('run keeps what it has if it is interrupted, and resume goes on', async () => {
  const patterns = ['as-reported/y-server'];
  const interruption = new AbortController();
  const onCell = () => interruption.abort(new Error('interrupted'));
  const part = await run({ patterns, name, keep: true, signal: interruption.signal, onCell });
  expect(part.cells.length).toBeLessThan(12);
  expect(part.summary.missing).toHaveLength(12 - part.cells.length);
  const whole = await resume({ file: 'part.json', run: part }, { name, keep: true });
  expect(whole.summary).not.toHaveProperty('missing');
  expect(new Set(whole.cells.map(({ id }) => id)).size).toBe(12);
  expect(whole.cells.every(({ asExpected }) => asExpected)).toBe(true);
  await expect(resume({ file: 'whole.json', run: whole })).rejects.toMatchObject({ code: 'nothing-missing' });
});

it('run returns many cells in their order, though two labs share them, and leaves neither behind', async () => {
  const [planned, labs]: [string[], Set<string>] = [[], new Set()];
  const { cells, summary } = await run({
    patterns: ['all-closed', 'as-reported', 'control-rejected'],
    name: shared,
    onPlanned: (keys) => planned.push(...keys.map(cellId)),
    onCell: () => {
      for (const lab of runningLabs()) if (lab.name.startsWith(shared)) labs.add(lab.name);
    },
  });
  expect(cells.map(({ id }) => id)).toEqual(planned);
  expect(summary).toMatchObject({ asExpected: cells.length, void: null, skipped: [] });
  expect(await leftBehind(shared)).toEqual([]);
  if (process.env.FTPLAB_ENGINE !== 'namespaces') return;
  expect([...labs].sort()).toEqual([shared, `${shared}-beside`]);
  expect(await leftBehind(`${shared}-beside`)).toEqual([]);
});

it('tryRules takes a rule set as code has it', async () => {
  const { cells } = await tryRules(mine, { clients: ['y-server'], servers: ['proftpd'], name, keep: true });
  expect(cells.map(({ id, verdict }) => [id, verdict.uploaded])).toEqual(
    ['pasv', 'epsv', 'port', 'eprt'].map((mode) => [`mine/y-server/proftpd/${mode}`, true]),
  );
});

it('explain keeps all that the verdict of a cell under a file rests on', async () => {
  const file = fileOf('gateway.rules');
  const { cells } = await explain('y-server/vsftpd/pasv', { rules: file, on: 'isa-y', name, keep: true });
  expect(cells.map(({ id }) => id)).toEqual(['gateway/y-server/vsftpd/pasv']);
  expect(cells[0]?.verdict).toMatchObject({ firewall: 'isa-y', cause: 'control-dropped' });
  expect(cells[0]?.evidence?.connections.length).toBeGreaterThan(0);
});

it('compare says of the same uploads what changed, and exposure what gets through', async () => {
  const [file, at] = [fileOf('outbound.rules'), { on: 'isa-y', name, keep: true } as const];
  const { before, after } = await compare(file, mine, at);
  for (const cell of [...before.cells, ...after.cells]) expect(cell.attempts?.made).toBe(2);
  expect(after.used?.['isa-y']?.map(({ use }) => use)).toEqual(expect.arrayContaining(['decided', 'never']));
  const changes = compareCells(before.cells, after.cells);
  const signs = changes.map(({ path, sign }) => `${path.replace(/\/.*/, '')} ${sign}`);
  expect(signs).toEqual(expect.arrayContaining(['y-server +', 'y-workstation +']));
  // What fails under both does so by other rules.
  expect(signs.filter((sign) => !/[+~=]$/.test(sign))).toEqual([]);
  // The file is one firewall's, so the other one's paths are nobody's question.
  expect(new Set(after.exposure.lines.flatMap(({ firewalls }) => firewalls))).toEqual(new Set(['isa-y']));
  const passes = new Set<number>();
  const measured = await exposure(file, { ...at, onPass: (_rules, done) => passes.add(done) });
  expect(measured.summary.ports).toBe(before.exposure.summary.ports);
  expect(passes.size).toBeGreaterThan(1);
}, 300_000);

it('recommend ranks candidates with the shipped fixes', async () => {
  const need = ['y-server/vsftpd/pasv'];
  const { fixes, steps } = await recommend([mine], { need, name, keep: true });
  expect(fixes.map((fix) => fix.name)).toContain('mine');
  expect(fixes[0]?.ports).toBeLessThan(fixes.at(-1)?.ports ?? 0);
  expect(steps?.['isa-y']?.length).toBeGreaterThan(0);
});

it('watch tries again on each save, and takes the lab down when its signal aborts', async () => {
  const end = new AbortController();
  const rounds: RoundResult[] = [];
  const file = fileOf('gateway.rules');
  await watch(file, {
    modes: ['pasv'],
    name,
    signal: end.signal,
    onRound: async (round) => {
      rounds.push(round);
      if (rounds.length === 1) await writeFile(file, '*filter\nno rule\n');
      else end.abort();
    },
  });
  expect(rounds.map(({ error }) => error?.code)).toEqual([undefined, 'iptables-file-malformed']);
  await (await import('../cli/run-ftplab.ts')).ftplab(['down', '--name', name]);
});

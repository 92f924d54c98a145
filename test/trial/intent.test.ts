import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Line } from '../../lab/model/exposure.ts';
import type { Intent } from '../../lab/model/intent.ts';
import type { PinholeTest } from '../../lab/model/pinhole.ts';
import type { CellChange } from '../../lab/model/result/comparison.ts';
import { readIntent, unintended } from '../../lab/trial/intent.ts';
import { isAsIntended } from '../../lab/verdict/comparison.ts';

const example = 'examples/intent.json';
const line: Line = {
  from: 'y-server',
  to: 'vsftpd',
  networks: ['y', 'external'],
  firewalls: ['isa-y'],
  alike: [['y-server'], ['vsftpd']],
};
const hole: PinholeTest = {
  firewall: 'isa-y',
  client: 'y-server',
  server: 'vsftpd',
  command: 'PORT',
  names: 'itself',
  port: 'low',
  outcome: 'opens',
};
const nothing = { changes: [], ports: [], before: { pinholes: [] }, after: { pinholes: [] } };
const change = (cell: string, sign: CellChange['sign'], aspect: CellChange['aspect'] = 'STOR') => ({
  cell,
  aspect,
  sign,
});

describe('an intent', () => {
  it('is read as the guide has it', async () => {
    const guide = await readFile('docs/intent.md', 'utf8');
    expect(guide).toContain(await readFile(example, 'utf8'));
    expect((await readIntent(example)).uploads[0]).toEqual({
      cells: 'y-server/*/pasv',
      what: ['login', 'LIST', 'STOR', 'RETR'],
      may: 'work',
    });
  });

  it.each([
    ['no JSON', 'why: no', /JSON/],
    ['an unknown field', '{"why": "x", "port": []}', /port/],
    ['an unknown word', '{"why": "x", "uploads": [{"cells": "*", "may": "work now"}]}', /uploads\[0\]\.may/],
    ['no purpose', '{}', /why/],
  ])('is refused with %s', async (_what, text, says) => {
    const folder = await mkdtemp(join(tmpdir(), 'ftplab-intent-'));
    const file = join(folder, 'intent.json');
    await writeFile(file, text);
    await expect(readIntent(file)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(says),
    });
    await rm(folder, { recursive: true });
  });

  it.each<[string, CellChange, boolean]>([
    ['what may work and works', change('y-server/vsftpd/pasv', '+'), true],
    ['another aspect of it', change('y-server/vsftpd/epsv', '+', 'login'), false],
    ['what may work and fails', change('y-server/vsftpd/pasv', '-'), false],
    ['what may work and is undecided', change('y-server/vsftpd/pasv', '?'), false],
    ['another cell', change('y-workstation/vsftpd/pasv', '+'), false],
  ])('judges %s', async (_what, found, meant) => {
    const judged = unintended(await readIntent(example), { ...nothing, changes: [found] });
    expect(isAsIntended(judged)).toBe(meant);
    expect(judged.changes).toEqual(meant ? [] : [found]);
  });

  it('allows the ports that it names, on the ways that it names', async () => {
    const intent = await readIntent(example);
    const judge = (opened: [number, number][], closed: [number, number][] = [], way = line) =>
      unintended(intent, { ...nothing, ports: [{ line: way, opened, closed }] }).ports;
    expect(judge([[1024, 65535]])).toEqual([]);
    expect(
      judge([
        [80, 80],
        [2000, 2001],
      ]),
    ).toMatchObject([{ opened: [[80, 80]], closed: [] }]);
    expect(judge([], [[2000, 2001]])).toMatchObject([{ closed: [[2000, 2001]] }]);
    expect(judge([[2000, 2001]], [], { ...line, to: 'proftpd' })).toHaveLength(1);
  });

  it('asks whether the helper may open what no upload needs', () => {
    const found = { ...nothing, after: { pinholes: [hole] } };
    const intent: Intent = { why: 'x', uploads: [], ports: [], helperMayOpenMore: false };
    expect(unintended(intent, found).holes).toEqual([hole]);
    expect(unintended(intent, { ...found, before: found.after }).holes).toEqual([]);
    expect(unintended({ ...intent, helperMayOpenMore: true }, found).holes).toEqual([]);
  });
});

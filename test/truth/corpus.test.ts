import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { misses } from './compare.ts';
import { kinds } from './entries/index.ts';
import { all, blocked, refused, up } from './entry.ts';
import { CorpusNetwork, corpusFolder } from './network.ts';
import { withScore } from './score.ts';

const entries = kinds.flatMap(({ entries }) => entries);

describe('the corpus', () => {
  it('names each entry once', () => {
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });

  it.each(['faults', 'generated', 'published', 'nft', 'nft/translated', 'ip6'])(
    'leaves no file of %s untried',
    (folder) => {
      const files = readdirSync(join(corpusFolder, folder)).filter((file) =>
        /\.(rules|ipset|nft)$/.test(file),
      );
      const used = entries.flatMap(({ file, ipset }) => [file, ipset]);
      expect(files.filter((file) => !used.includes(`${folder}/${file}`))).toEqual([]);
    },
  );

  it('has the configuration of each generated file', () => {
    const files = readdirSync(join(corpusFolder, 'generated'));
    const rules = files.filter((file) => file.endsWith('.rules'));
    expect(rules.filter((file) => !files.includes(`${basename(file, '.rules')}.sh`))).toEqual([]);
  });

  it('holds rules that its expectations name', () => {
    const unknown = entries.flatMap(({ name, file, expected }) => {
      if (file === undefined || 'refused' in expected) return [];
      const text = readFileSync(join(corpusFolder, file), 'utf8');
      const named = Object.values(expected).flatMap(({ rule }) => [rule ?? []].flat());
      return named
        .filter((rule) => !rule.startsWith('policy ') && !text.includes(rule))
        .map((rule) => `${name}: ${rule}`);
    });
    expect(unknown).toEqual([]);
  });

  it('uploads in some mode in a quarter of its entries', () => {
    const uploading = entries.filter(
      ({ expected }) => !('refused' in expected) && Object.values(expected).some(({ uploaded }) => uploaded),
    );
    expect(uploading.length / entries.length).toBeGreaterThan(0.25);
  });
});

describe('a result', () => {
  const answer = {
    uploaded: false,
    cause: 'data-dropped',
    firewall: 'isa-y',
    rule: 'deny',
    failedAt: 'store-small',
    sentence: '',
  } as const;
  const inAllModes = (wanted: typeof answer) => ({
    kind: 'answers' as const,
    answers: new Map((['pasv', 'epsv', 'port', 'eprt'] as const).map((mode) => [mode, wanted])),
  });

  it.each([
    ['the expected one', blocked('data-dropped', { rule: 'deny', failedAt: 'store-small' }), 0],
    [
      'one of several',
      blocked(['data-refused', 'data-dropped'], { rule: ['deny', 'policy FORWARD DROP'] }),
      0,
    ],
    ['with a field that is not checked', blocked('data-dropped'), 0],
    ['another cause', blocked('data-refused'), 4],
    ['another rule', blocked('data-dropped', { rule: 'other' }), 4],
    ['another firewall', blocked('data-dropped', { firewall: 'isa-x' }), 4],
    ['no rule expected', blocked('data-dropped', { rule: null }), 4],
    ['an upload expected', up, 4],
  ])('%s', (_what, outcome, wrong) => {
    expect(misses(all(outcome), inAllModes(answer))).toHaveLength(wrong);
  });

  it('is a refusal only with the right words', () => {
    const refusal = (message: string) => ({ kind: 'refusal' as const, message });
    expect(misses(refused(/nft/), refusal('use nft'))).toEqual([]);
    expect(misses(refused(/nft/), refusal('no table'))).toHaveLength(1);
    expect(misses(refused(/nft/), inAllModes(answer))).toHaveLength(1);
    expect(misses(all(up), refusal('use nft'))).toHaveLength(1);
  });
});

it('a network in other ranges has its own addresses, and says those of the corpus', () => {
  const network = new CorpusNetwork(83);
  const rule = '-A FORWARD -s 10.79.2.10/32 -d 198.19.79.21/32 -j DROP';
  expect(network.here(rule)).toBe('-A FORWARD -s 10.83.2.10/32 -d 198.19.83.21/32 -j DROP');
  expect(network.asWritten(network.here(rule))).toBe(rule);
});

it('the score is written into its place in a page, with what is wrong', () => {
  const [kind] = kinds;
  const [entry] = kind?.entries ?? [];
  if (!kind || !entry) throw new Error('The corpus is empty');
  const wrong = { mode: 'pasv', expected: 'up', got: 'a | b' } as const;
  const scored = [
    { kind: kind.name, entry, result: { kind: 'refusal', message: '' } as const, misses: [wrong], ms: 100 },
  ];
  const page = withScore('before\n<!-- score -->\nold\n<!-- /score -->\nafter\n', scored);
  expect(page).toMatch(/^before\n<!-- score -->\n\| kind [\s\S]*\n<!-- \/score -->\nafter\n$/);
  expect(page).toContain(`| ${kind.name} | 0 of 1 | 3 of 4 | 0.1 | 0.1 |`);
  expect(page).toContain(`| ${entry.name} | pasv | up | a \\| b |`);
  expect(page).not.toContain('old');
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causes } from '../../lab/model/cause.ts';
import { cellsOf } from '../../lab/model/scenario.ts';
import { cures, curesOfAstray } from '../../lab/verdict/cures.ts';
import { scenarios } from '../../scenarios/index.ts';
import { causeSections } from './cause-sections.ts';

const sections = causeSections();

it('has a section for each cause', () => {
  expect([...sections.keys()]).toEqual([...causes]);
});

const ofTheLab = ['none', 'lab-bypassed', 'inconclusive'];

describe.each(causes.filter((cause) => !ofTheLab.includes(cause)))('the section on %s', (cause) => {
  const text = sections.get(cause) ?? '';

  it('says what is seen, how it is told apart, and the fix in both terms', () => {
    for (const part of ['- Seen: `', '- Told from ', '- In ISA: ', '- In iptables: '])
      expect(text).toContain(part);
  });

  it('says the cure as verdicts do', () => {
    const [, cure = ''] = /^- Cure: ([\s\S]*?)^- /m.exec(text) ?? [];
    expect(cure.replace(/\s+/g, ' ').trim()).toBe(cures[cause].sentence);
  });

  it('names the scenarios that stage it', () => {
    const staging = scenarios.filter(({ stages }) => stages === cause).map(({ name }) => name);
    for (const name of staging) expect(text).toContain(`\`${name}\``);
    const named = scenarios.filter(({ name }) => text.includes(`\`${name}\``));
    const come = named.filter((scenario) =>
      cellsOf(scenario).some(({ expected }) => expected.cause === cause),
    );
    expect(come).not.toHaveLength(0);
  });
});

it('has the cures of packets that no rule refused, as verdicts say them', () => {
  const page = readFileSync(new URL('../../docs/causes.md', import.meta.url), 'utf8');
  for (const { sentence } of Object.values(curesOfAstray)) expect(page).toContain(`| ${sentence} |`);
});

it('names the counter-proofs', () => {
  for (const { name } of scenarios.filter(({ stages }) => stages === 'none'))
    expect(sections.get('none')).toContain(`\`${name}\``);
});

it('is linked from the README', () => {
  expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain('docs/causes.md');
});

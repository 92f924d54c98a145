/** The files that other repositories use: what a service would refuse, and what would run words of an input. */
import { readFile } from 'node:fs/promises';
import { validateAction, validateWorkflow } from '@action-validator/core';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const action = await read('action.yml');
const template = await read('templates/guard.yml');
const guide = await read('docs/ci.md');

it('action.yml is an action by the schema', () => {
  expect(validateAction(action).errors).toEqual([]);
});

it('the workflows of this repository and of the guide are workflows by the schema', async () => {
  const [ours, ...others] = [
    await read('.github/workflows/ci.yml'),
    ...[...guide.matchAll(/```yaml\n(on: [\s\S]*?)```/g)].map(([, text = '']) => text),
  ];
  expect(validateWorkflow(ours ?? '').errors).toEqual([]);
  expect(others.length).toBeGreaterThan(0);
  for (const text of others) expect(validateWorkflow(text).errors).toEqual([]);
});

describe('no input is a part of a script', () => {
  it('in action.yml', () => {
    const { steps } = (parse(action) as { runs: { steps: { run?: string }[] } }).runs;
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it('in templates/guard.yml', () => {
    const [, jobs] = parseAllDocuments(template).map((document) => document.toJS());
    for (const { script } of Object.values(jobs as Record<string, { script: string[] }>))
      expect(script.join('\n')).not.toContain('$[[');
  });
});

it('both take the same inputs, but for what is about the service', () => {
  const [head] = parseAllDocuments(template).map((document) => document.toJS());
  const names = (inputs: object, own: readonly string[]) =>
    Object.keys(inputs).filter((name) => !own.includes(name));
  expect(names((head as { spec: { inputs: object } }).spec.inputs, ['package', 'stage'])).toEqual(
    names((parse(action) as { inputs: object }).inputs, ['engine', 'artifact']),
  );
});

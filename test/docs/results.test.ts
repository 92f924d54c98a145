/** What docs/results.md and docs/result.schema.json have to tell. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resultJsonSchema } from '../../lab/model/result/json-schema.ts';
import { resultKinds } from '../../lab/model/result/read.ts';

it('has the JSON Schema that "npm run docs:schema" writes', () => {
  expect(readFileSync('docs/result.schema.json', 'utf8')).toBe(resultJsonSchema());
});

it.each(resultKinds)('explains the kind "%s"', (kind) => {
  expect(readFileSync('docs/results.md', 'utf8')).toMatch(new RegExp(`^\\| \`${kind}\` \\|`, 'm'));
});

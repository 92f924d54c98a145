/** What authors and contributors are shown lies in `examples/`, where `npm run check` compiles it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examples } from './examples.ts';

const guide = readFileSync('CONTRIBUTING.md', 'utf8');
const [, ofGuide = '', scenario = ''] =
  /`(scenarios\/[\w-]+\.ts)`:\n\n```ts\n([\s\S]*?)```/.exec(guide) ?? [];

describe("the author's page", () => {
  it('has an example and a wrong one', () =>
    expect([...examples.keys()]).toEqual(['partners.ts', 'wrong.ts']));

  it.each([...examples])('shows examples/%s as it is', (name, code) => {
    expect(code).toBe(readFileSync(`examples/${name}`, 'utf8'));
  });

  it('says of each mistake in the wrong one that the compiler finds it', () => {
    expect(examples.get('wrong.ts')?.match(/^\/\/ @ts-expect-error .+\n\w+\(/gm)).toHaveLength(4);
  });
});

describe('the guide for contributors', () => {
  it('shows a scenario that compiles', () => {
    const example = readFileSync('examples/one-partner.ts', 'utf8');
    expect(scenario).toBe(example.replace('../scenarios/shared.ts', './shared.ts'));
  });

  it('names files that exist', () => {
    const paths = [...guide.matchAll(/`((?:lab|scenarios|test|docs)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.length).toBeGreaterThan(15);
    const missing = paths.filter((path) => !/[A-Z]{4}/.test(path) && !existsSync(path));
    // The example's own file is there only if the reader has just written it.
    expect(missing.filter((path) => path !== ofGuide)).toEqual([]);
  });
});

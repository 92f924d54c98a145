import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { examples } from './examples.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the compiler says of an example that lies in the clone, in the strictness of the project. */
function complaints(name: string, code: string): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const file = join(root, name);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (path, version, ...rest) =>
    path === file ? ts.createSourceFile(path, code, version) : read.call(host, path, version, ...rest);
  host.fileExists = (path) => path === file || ts.sys.fileExists(path);
  const program = ts.createProgram([file], { ...options, noEmit: true }, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe("the author's page", () => {
  it('has an example and a wrong one', () =>
    expect([...examples.keys()]).toEqual(['partners.ts', 'wrong.ts']));

  it.each([...examples])(
    'has %s, which the compiler takes as the page says',
    { timeout: 120_000 },
    (name, code) => {
      expect(complaints(name, code)).toEqual([]);
    },
  );

  it('would not take the wrong one otherwise', { timeout: 120_000 }, () => {
    const code = (examples.get('wrong.ts') ?? '').replaceAll(/^\/\/ @ts-expect-error.*\n/gm, '');
    expect(complaints('wrong.ts', code)).toHaveLength(4);
  });
});

describe('the guide for contributors', () => {
  const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

  it('has a scenario that compiles', { timeout: 120_000 }, () => {
    const [, name = '', code = ''] = /`(scenarios\/[\w-]+\.ts)`:\n\n```ts\n([\s\S]*?)```/.exec(guide) ?? [];
    expect(code).toContain('scenario(');
    expect(complaints(name, code)).toEqual([]);
  });

  it('names files that exist', () => {
    const paths = [...guide.matchAll(/`((?:lab|scenarios|test|docs)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.length).toBeGreaterThan(15);
    const missing = paths.filter((path) => !/[A-Z]{4}/.test(path) && !existsSync(join(root, path)));
    // The example's own, which the reader writes.
    expect(missing).toEqual(['scenarios/one-partner.ts']);
  });
});

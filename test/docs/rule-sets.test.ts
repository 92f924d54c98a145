import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples } from './examples.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the compiler says of each of the examples, as if it lay in the clone, in the strictness of the project. */
function complaints(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const codes = new Map([...files].map(([name, code]) => [join(root, name), code]));
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (path, version, ...rest) => {
    const code = codes.get(path);
    return code === undefined
      ? read.call(host, path, version, ...rest)
      : ts.createSourceFile(path, code, version);
  };
  host.fileExists = (path) => codes.has(path) || ts.sys.fileExists(path);
  // One program for all: most of the time goes into reading the libraries.
  const program = ts.createProgram([...codes.keys()], { ...options, noEmit: true, incremental: false }, host);
  const saidOf = (name: string) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(join(root, name)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  return new Map([...files.keys()].map((name) => [name, saidOf(name)]));
}

const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const [, ofGuide = '', scenario = ''] =
  /`(scenarios\/[\w-]+\.ts)`:\n\n```ts\n([\s\S]*?)```/.exec(guide) ?? [];
const unexpected = (examples.get('wrong.ts') ?? '').replaceAll(/^\/\/ @ts-expect-error.*\n/gm, '');

let said: ReturnType<typeof complaints>;
beforeAll(() => {
  said = complaints(new Map([...examples, ['unexpected.ts', unexpected], [ofGuide, scenario]]));
}, 120_000);

describe("the author's page", () => {
  it('has an example and a wrong one', () =>
    expect([...examples.keys()]).toEqual(['partners.ts', 'wrong.ts']));

  it.each([...examples.keys()])('has %s, which the compiler takes as the page says', (name) => {
    expect(said.get(name)).toEqual([]);
  });

  it('would not take the wrong one otherwise', () => {
    expect(said.get('unexpected.ts')).toHaveLength(4);
  });
});

describe('the guide for contributors', () => {
  it('has a scenario that compiles', () => {
    expect(scenario).toContain('scenario(');
    expect(said.get(ofGuide)).toEqual([]);
  });

  it('names files that exist', () => {
    const paths = [...guide.matchAll(/`((?:lab|scenarios|test|docs)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.length).toBeGreaterThan(15);
    const missing = paths.filter((path) => !/[A-Z]{4}/.test(path) && !existsSync(join(root, path)));
    // The example's own file is there only if the reader has just written it.
    expect(missing.filter((path) => path !== ofGuide)).toEqual([]);
  });
});

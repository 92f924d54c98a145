/** What is loaded before a command begins, hence what the help, the version and a usage error wait for. */
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const { metafile } = await build({
  entryPoints: ['lab/cli/main.ts'],
  bundle: true,
  packages: 'external',
  format: 'esm',
  splitting: true,
  outdir: 'unwritten',
  write: false,
  metafile: true,
});

/** Packages that a file of the lab needs at once, by itself and by what it imports. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const atOnce = (metafile.inputs[file]?.imports ?? []).filter(({ kind }) => kind === 'import-statement');
  return new Set(atOnce.flatMap(({ path, external }) => (external ? [path] : [...packagesOf(path, seen)])));
}

it('is the parser of the command line, and nothing that only some commands need', () => {
  const packages = [...packagesOf('lab/cli/main.ts')].filter((name) => !name.startsWith('node:'));
  expect(packages.sort()).toEqual(['commander', 'ipaddr.js']);
});

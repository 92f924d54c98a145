import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

/** `.ts` in a clone, also if it is compiled by bin/compiled.js; `.js` in a package, which is built. */
const built = import.meta.url.endsWith('.js');
const packageFolder = fileURLToPath(new URL(built ? '../..' : '..', import.meta.url));

/** The path of what the package exports. */
export const ownEntry = fileURLToPath(new URL(built ? './index.js' : './index.ts', import.meta.url));

/** The path of a file that is no module, by its path in the repository: a package has it in the same place. */
export function ownFile(path: string): string {
  return join(packageFolder, path);
}

/** The lab's version, as package.json has it. */
export function labVersion(): string {
  return (JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as { version: string }).version;
}

/** The guide to the causes, docs/causes.md. */
export function causesPage(): string {
  return readFileSync(ownFile('docs/causes.md'), 'utf8');
}

/** The lab's programs that run elsewhere, each as one file: the agent in hosts, the HTML report's script in browsers. */
export const ownPrograms = {
  // Debian 12 has Node 18.
  'agent.cjs': { entryPoints: ['lab/agent/main.ts'], platform: 'node', target: 'node18', format: 'cjs' },
  'report-script.js': {
    entryPoints: ['lab/report/html/client/main.ts'],
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
  },
} satisfies Record<string, BuildOptions>;

type ProgramName = keyof typeof ownPrograms;

/** Set by bin/compiled.js and vitest.config.ts. */
declare const compiledPrograms: Readonly<Record<ProgramName, string>> | undefined;

/** The text of a program: as the build left it in dist/, or bundled from a clone's sources. */
export function ownProgram(name: ProgramName): string {
  if (typeof compiledPrograms !== 'undefined') return compiledPrograms[name];
  return built ? readFileSync(ownFile(`dist/${name}`), 'utf8') : bundledProgram(name);
}

/** A program bundled from a clone's sources; the same sources give the same text. */
export function bundledProgram(name: ProgramName): string {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  const { outputFiles } = buildSync({
    ...ownPrograms[name],
    // The folder that paths in the bundle's comments start from, wherever the command was given.
    absWorkingDir: packageFolder,
    bundle: true,
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

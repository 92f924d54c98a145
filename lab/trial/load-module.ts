import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import type { BuildFailure, Plugin } from 'esbuild';
import { LabError } from '../errors.ts';
import type { AboutFile } from '../model/origin.ts';
import { ownEntry } from '../own-files.ts';
import { type CodePosition, type ModuleOutcome, runModule, type ThrownError } from './module-child.ts';

/** What a module exports by default, as plain data, and the files that it was read from: itself, and what it imports. */
export interface LoadedModule {
  readonly exported: unknown;
  readonly files: readonly AboutFile[];
}

/** How long a module may take to come to its end, in milliseconds. */
const usualTimeLimit = 10_000;

/**
 * The default export of a TypeScript or JavaScript file, whatever package it lies in. It runs in a process of its own, with
 * a time limit. Throws LabError `usage` if the file does not compile, throws, does not end or has no default export, with
 * the line that is to blame.
 */
export async function loadDefaultExport(
  file: string,
  what = 'the rule set',
  timeLimit = usualTimeLimit,
): Promise<LoadedModule> {
  if (!existsSync(file)) throw new LabError('usage', 'file-unreadable', `${file} does not exist`);
  const bundled = await bundle(file);
  const { code, files } = bundled;
  const { watchedCode } = await import('./module-watch.ts');
  const outcome = await runModule(watchedCode(code), timeLimit);
  if (outcome.kind !== 'exports') {
    const at = 'at' in outcome ? outcome.at : [];
    throw blamed(placeIn(file, at, bundled), outcome, what, timeLimit);
  }
  if ('default' in outcome.exports && bundled.exports) return { exported: outcome.exports.default, files };
  throw new LabError(
    'usage',
    'no-default-export',
    `${file} has no default export`,
    `Write "export default" before ${what}.`,
  );
}

interface Bundle {
  readonly code: string;
  readonly map: SourceMapPayload;
  /** Whether the file exports anything: of one that does not, the code exports an empty object, as CommonJS has it. */
  readonly exports: boolean;
  /** What the file and its imports were read from; not what comes of `isa-ftp-lab`. */
  readonly files: readonly AboutFile[];
}

/** One ECMAScript module with everything that the file imports, except Node's modules and what the lab depends on. */
async function bundle(file: string): Promise<Bundle> {
  const path = resolve(file);
  const own = new Set<string>();
  // What is compiled is what is named: a file may be saved again meanwhile.
  const digests = new Map<string, string>();
  // Loaded late, as the parser is: only rules in TypeScript need them.
  const { build } = await import('esbuild');
  try {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: `import * as module from ${JSON.stringify(path)};\n$done(module);`,
        resolveDir: dirname(path),
        sourcefile: '<entry>',
      },
      outfile: 'module.js',
      bundle: true,
      write: false,
      metafile: true,
      sourcemap: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [bringing(own), digesting(digests)],
    });
    const [map, code] = outputFiles;
    const [entry] =
      Object.entries(metafile.inputs).find(([input]) => input.endsWith('<entry>'))?.[1].imports ?? [];
    return {
      exports: entry?.path.endsWith('.json') || metafile.inputs[entry?.path ?? '']?.format !== undefined,
      code: code?.text ?? '',
      map: JSON.parse(map?.text ?? '{}') as SourceMapPayload,
      files: Object.keys(metafile.inputs)
        .filter((input) => !input.endsWith('<entry>') && !own.has(resolve(input)))
        .map((input) => ({ path: input, sha256: digests.get(resolve(input)) ?? '' })),
    };
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (!first) throw error;
    const where = first.location ? `line ${first.location.line}: ` : '';
    throw new LabError('usage', 'rule-set-does-not-compile', `${file}, ${where}${first.text}`, undefined, {
      cause: error,
    });
  }
}

/** Brings along of the lab what a module uses, and nothing else; `own` gets the files that this looks at. */
function bringing(own: Set<string>): Plugin {
  const found = (path: string, external: boolean) => {
    if (!external) own.add(path);
    return { path, external, sideEffects: false };
  };
  return {
    name: 'own',
    setup({ onResolve }) {
      // A rule set finds it wherever it lies, installed there or not.
      onResolve({ filter: /^isa-ftp-lab$/ }, () => found(ownEntry, false));
      onResolve({ filter: /.*/ }, ({ path, importer, resolveDir, kind }) => {
        if (!own.has(importer)) return undefined;
        if (path.startsWith('.')) return found(resolve(resolveDir, path), kind === 'dynamic-import');
        return found(isBuiltin(path) ? path : import.meta.resolve(path), true);
      });
    },
  };
}

/** Takes the digests of the files that are read. */
function digesting(digests: Map<string, string>): Plugin {
  return {
    name: 'digests',
    setup({ onLoad }) {
      onLoad({ filter: /./, namespace: 'file' }, async ({ path }) => {
        const contents = await readFile(path);
        digests.set(path, sha256Of(contents));
        return { contents, loader: 'default' };
      });
    },
  };
}

/** What went wrong; `where` names the file and the line that are to blame. */
function blamed(
  where: string,
  outcome: Exclude<ModuleOutcome, { kind: 'exports' }>,
  what: string,
  timeLimit: number,
): LabError {
  const unusable = (message: string, hint?: string) =>
    new LabError('usage', 'rule-set-does-not-end', `${where}: ${message}`, hint);
  switch (outcome.kind) {
    case 'throws':
      return thrown(where, outcome.error);
    case 'exits':
      return unusable('it ends the process (process.exit)', `Let it export ${what} and come to its end.`);
    case 'awaits':
      return unusable('what it awaits never comes');
    case 'endless':
      return unusable(`it does not come to its end; the lab stopped it after ${timeLimit / 1000} s`);
    case 'interrupted':
      return unusable('it had not come to its end when the lab was interrupted');
    case 'dies':
      return unusable(`it ends the process that loads it (${outcome.how})`, 'Does it need too much memory?');
  }
}

function thrown(where: string, { name, message, code, labKind, hint }: ThrownError): LabError {
  if (labKind) return new LabError(labKind, code ?? 'rule-set-throws', `${where}: ${message}`, hint);
  const denied =
    code === 'ERR_ACCESS_DENIED' ? 'It may read files, but may not write any or start programs.' : undefined;
  return new LabError('usage', 'rule-set-throws', `${where}: it throws ${name}: ${message}`, denied);
}

/** `FILE, line N`: the first of these places that is not the lab's; `file` alone if there is none. */
function placeIn(file: string, at: readonly CodePosition[], { map, files }: Bundle): string {
  const sources = new SourceMap(map);
  for (const { line, column } of at) {
    // Watching moves columns alone, and a line of the bundle is of one line of the source.
    const entry = sources.findEntry(line - 1, column);
    if (!('originalSource' in entry)) continue;
    const source = resolve(entry.originalSource);
    if (!files.some(({ path }) => resolve(path) === source)) continue;
    return `${source === resolve(file) ? file : relative('.', source)}, line ${entry.originalLine + 1}`;
  }
  return file;
}

/** SHA-256 in hexadecimal. */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

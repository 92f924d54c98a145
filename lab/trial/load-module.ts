import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, build } from 'esbuild';
import { LabError } from '../errors.ts';
import type { AboutFile } from '../model/origin.ts';
import { moduleEnding } from '../own-files.ts';

/** The package's own entry point: a rule set finds `isa-ftp-lab` wherever the file lies, installed or not. */
const ownEntry = new URL(`../index${moduleEnding}`, import.meta.url).href;

/** A module's default export, and the files that were read: the module and its imports. */
export interface LoadedModule {
  readonly exported: unknown;
  readonly files: readonly AboutFile[];
}

/**
 * The default export of a TypeScript or JavaScript file, whatever package it lies in. Throws LabError `usage` if the
 * file does not compile (with the line), throws, or has no default export.
 */
export async function loadDefaultExport(file: string): Promise<LoadedModule> {
  const { code, files } = await bundle(file);
  const module = await run(file, code);
  if ('default' in module) return { exported: module.default, files };
  throw new LabError(
    'usage',
    'no-default-export',
    `${file} has no default export`,
    'Write "export default" before the rule set.',
  );
}

/** One ECMAScript module with everything that the file imports, except Node's own modules and the lab's. */
async function bundle(file: string): Promise<{ readonly code: string; readonly files: AboutFile[] }> {
  // What is compiled is what is named: a file may be saved again meanwhile.
  const digests = new Map<string, string>();
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [
        {
          name: 'own-entry',
          setup: ({ onResolve, onLoad }) => {
            onResolve({ filter: /^isa-ftp-lab$/ }, () => ({ path: ownEntry, external: true }));
            onLoad({ filter: /./, namespace: 'file' }, async ({ path }) => {
              const contents = await readFile(path);
              digests.set(path, sha256Of(contents));
              return { contents, loader: 'default' };
            });
          },
        },
      ],
    });
    const files = Object.keys(metafile.inputs).map((path) => ({
      path,
      sha256: digests.get(resolve(path)) ?? '',
    }));
    return { code: outputFiles[0]?.text ?? '', files };
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (!first) throw error;
    const where = first.location ? `line ${first.location.line}: ` : '';
    throw new LabError('usage', 'rule-set-does-not-compile', `${file}, ${where}${first.text}`, undefined, {
      cause: error,
    });
  }
}

async function run(file: string, code: string): Promise<object> {
  const source = `${code}\n//# sourceURL=${pathToFileURL(file)}`;
  try {
    return (await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)) as object;
  } catch (error) {
    if (error instanceof LabError) throw withFile(error, file);
    throw new LabError(
      'usage',
      'rule-set-throws',
      `${file} throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      'Run with FTPLAB_DEBUG=1 for the stack.',
      { cause: error },
    );
  }
}

/** SHA-256 in hexadecimal. */
export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A LabError with the file's name in front of its message; any other error unchanged. */
export function withFile(error: unknown, file: string): unknown {
  if (!(error instanceof LabError)) return error;
  return new LabError(error.kind, error.code, `${file}: ${error.message}`, error.hint, { cause: error });
}

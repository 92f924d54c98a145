// A clone's modules as JavaScript, in node_modules/.cache, each one file with the packages that it imports, and beside it what V8 made
// of it for the same command before: so a command starts in a fraction of the time that tsx takes to load each module by itself. They
// are compiled again after any of their sources changed.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, Module, SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/** What importOwn is asked for in a clone. */
const entryPoints = ['lab/cli/main', 'lab/stack/main', 'lab/own-files', 'lab/engine/terraform/make-mirror'];

const notPermitted = ['EACCES', 'EPERM', 'EROFS'];

/** How long what was compiled is kept after its last use, in milliseconds: a command that runs still loads from it. */
const keptFor = 24 * 3600 * 1000;

/** Packages that are loaded from node_modules: they look for files of theirs beside themselves. */
const external = ['dockerode', 'esbuild'];

/**
 * What a module of the clone in `root` exports; `path` is one of the entry points. Where node_modules cannot be written, tsx loads the
 * sources. Throws ERR_MODULE_NOT_FOUND if the dependencies are not installed.
 */
export async function importCompiled(root, path) {
  import.meta.resolve('esbuild');
  const cache = join(root, 'node_modules/.cache/isa-ftp-lab');
  const folder = join(cache, digestOfSources(root));
  try {
    if (!isThere(folder)) await compile(root, cache, folder);
  } catch (error) {
    if (!notPermitted.includes(error.code)) throw error;
    const { register } = await import('tsx/esm/api');
    register();
    return import(pathToFileURL(join(root, `${path}.ts`)).href);
  }
  const file = join(folder, `${path}.cjs`);
  nameSources(root, file);
  return run(file);
}

/** Runs a compiled file with what V8 made of it for the same command before, and keeps what it has made of it in the end. */
function run(file) {
  const command = /^[a-z-]+$/.exec(process.argv[2] ?? '')?.[0] ?? 'none';
  const kept = `${file}.${command}`;
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    ...(existsSync(kept) && { cachedData: readFileSync(kept) }),
  });
  if (script.cachedDataRejected !== false) process.once('exit', () => keep(kept, script.createCachedData()));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

function keep(file, data) {
  try {
    writeFileSync(`${file}.${process.pid}`, data);
    renameSync(`${file}.${process.pid}`, file);
  } catch {} // another user's, or removed meanwhile
}

/** Has stacks name the lines of the sources. The map is read only if somebody looks at one. */
function nameSources(root, file) {
  let map;
  const named = (frame) =>
    `${frame}`.replace(`${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}`, (place) => {
      map ??= new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
      const { originalSource, originalLine, originalColumn } = map.findEntry(
        frame.getLineNumber() - 1,
        frame.getColumnNumber() - 1,
      );
      if (originalSource === undefined) return place;
      return `${relative(root, resolve(dirname(file), originalSource))}:${originalLine + 1}:${originalColumn + 1}`;
    });
  Error.prepareStackTrace = (error, frames) => {
    // cdktf notes where each of its tokens is made, and nobody asks.
    if (!(error instanceof Error)) return '';
    const head = Error.prototype.toString.call(error);
    return [head, ...frames.map((frame) => `    at ${named(frame)}`)].join('\n');
  };
}

/** Also notes that it is used. */
function isThere(folder) {
  if (!existsSync(folder)) return false;
  const now = new Date();
  try {
    utimesSync(folder, now, now);
  } catch {} // another user's
  return true;
}

/** The names, sizes and times of all that is compiled. */
function digestOfSources(root) {
  const hash = createHash('sha256').update(process.version);
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  };
  add(join(root, 'package-lock.json'));
  for (const folder of ['bin', 'lab', 'scenarios'])
    for (const name of readdirSync(join(root, folder), { recursive: true }))
      if (/\.[jt]s$/.test(name)) add(join(root, folder, name));
  return hash.digest('hex').slice(0, 16);
}

async function compile(root, cache, folder) {
  const esbuild = await import('esbuild');
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    const old = join(cache, name);
    const { mtimeMs } = statSync(old, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    if (Date.now() - mtimeMs > keptFor) rmSync(old, { recursive: true, force: true });
  }
  const made = mkdtempSync(`${folder}.`);
  const options = {
    absWorkingDir: root,
    bundle: true,
    external,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // A script that V8's cache is used for cannot import.
    supported: { 'dynamic-import': false },
    outExtension: { '.js': '.cjs' },
    logLevel: 'error',
    outdir: made,
    outbase: root,
    // lab/own-files finds the clone's files by it, and lab/trial/load-module what a user's file imports.
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'lab/own-files.ts')).href),
      'import.meta.resolve': 'resolveOwn',
    },
    banner: {
      js: `const resolveOwn = (name) => require('node:url').pathToFileURL(require('node:module').createRequire(${JSON.stringify(join(root, 'package.json'))}).resolve(name)).href;`,
    },
  };
  try {
    await esbuild.build({ ...options, entryPoints: ['lab/own-files.ts'] });
    const { bundledProgram, ownPrograms } = createRequire(made)(join(made, 'lab/own-files.cjs'));
    const programs = Object.keys(ownPrograms).map((name) => [name, bundledProgram(name)]);
    options.define.compiledPrograms = JSON.stringify(Object.fromEntries(programs));
    const all = entryPoints.map((path) => `${path}.ts`);
    await esbuild.build({ ...options, entryPoints: all, sourcemap: 'external', sourcesContent: false });
    // For other users too.
    chmodSync(made, 0o755);
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another process was faster
  } finally {
    await esbuild.stop?.();
  }
}

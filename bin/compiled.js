// A clone's modules as JavaScript, in node_modules/.cache, so that a command starts in a third of the time that tsx takes to load each
// of them by itself. They are compiled again after any of their sources changed.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What importOwn is asked for in a clone. */
const entryPoints = ['lab/cli/main', 'lab/stack/main', 'lab/own-files', 'lab/engine/terraform/make-mirror'];

const notPermitted = ['EACCES', 'EPERM', 'EROFS'];

/** How long what was compiled is kept after its last use, in milliseconds: a command that runs still loads from it. */
const keptFor = 24 * 3600 * 1000;

/**
 * The URL of a module of the clone in `root`; `path` is one of the entry points. Where node_modules cannot be written, tsx loads the
 * sources. Throws ERR_MODULE_NOT_FOUND if the dependencies are not installed.
 */
export async function compiled(root, path) {
  import.meta.resolve('esbuild');
  const cache = join(root, 'node_modules/.cache/isa-ftp-lab');
  const folder = join(cache, digestOfSources(root));
  try {
    if (!isThere(folder)) await compile(root, cache, folder);
  } catch (error) {
    if (!notPermitted.includes(error.code)) throw error;
    const { register } = await import('tsx/esm/api');
    register();
    return pathToFileURL(join(root, `${path}.ts`)).href;
  }
  // Stacks name the lines of the sources.
  process.setSourceMapsEnabled(true);
  return pathToFileURL(join(folder, `${path}.js`)).href;
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
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'error',
    outdir: made,
    outbase: root,
    // lab/own-files finds the clone's files by it.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'lab/own-files.ts')).href) },
  };
  try {
    await esbuild.build({ ...options, entryPoints: ['lab/own-files.ts'] });
    const { bundledProgram, ownPrograms } = await import(pathToFileURL(join(made, 'lab/own-files.js')).href);
    const programs = Object.keys(ownPrograms).map((name) => [name, bundledProgram(name)]);
    options.define.compiledPrograms = JSON.stringify(Object.fromEntries(programs));
    const all = entryPoints.map((path) => `${path}.ts`);
    await esbuild.build({ ...options, entryPoints: all, sourcemap: 'linked' });
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

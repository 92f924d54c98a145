// Imports one of the lab's modules: from dist/ in a package, compiled from its TypeScript sources in a clone, which hence
// needs no build. Plain JavaScript: it also has to run where nothing is installed.
//   own-module.js PATH   runs a module, such as lab/stack/main
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const environmentLacks = 3;

function refuse(problem, hint) {
  process.stderr.write(`ftplab: ${problem}\n${hint}\n`);
  process.exit(environmentLacks);
}

/** The module at `path`, which is seen from the repository's root and without an ending. */
export async function importOwn(path) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    refuse(`Node.js ${process.versions.node} is too old`, 'Use Node.js 20.19 or later.');
  const clone = existsSync(new URL('../package-lock.json', import.meta.url));
  if (!clone) return import(new URL(`../dist/${path}.js`, import.meta.url).href);
  try {
    const { importCompiled } = await import('./compiled.js');
    return await importCompiled(fileURLToPath(new URL('..', import.meta.url)), path);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const folder = fileURLToPath(new URL('..', import.meta.url));
    refuse('its dependencies are not installed', `Run "npm ci" in ${folder}`);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await importOwn(process.argv[2]);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';

const environmentLacks = 3;

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Why the dependencies below `root` have to be installed, or `undefined` where they are as package-lock.json says. Those that only
 * development needs may be missing if it is not for `development`.
 */
export function reasonToInstall(root, { development }) {
  const lock = read(join(root, 'package-lock.json'));
  const installed = read(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return 'they are not installed';
  if (lock === undefined) return undefined;
  return matches(JSON.parse(lock), JSON.parse(installed), development)
    ? undefined
    : 'package-lock.json has changed';
}

/**
 * npm's own record of node_modules lists the same packages, except for optional ones of other platforms and the project
 * itself, under "".
 */
function matches(lock, installed, development) {
  const wanted = Object.entries(lock.packages).filter(([path]) => path !== '');
  return (
    wanted.every(([path, { version, optional, dev }]) => {
      const found = installed.packages[path];
      return found === undefined
        ? optional === true || (dev === true && !development)
        : found.version === version;
    }) && Object.keys(installed.packages).every((path) => path in lock.packages)
  );
}

/**
 * Installs the dependencies where they are missing or others than package-lock.json's; those of development are two thirds of them.
 * Resolves to an exit status.
 */
export async function installDependencies(root, { development }) {
  const reason = reasonToInstall(root, { development });
  if (reason === undefined) return 0;
  const command = ['ci', ...(development ? [] : ['--omit=dev'])];
  process.stderr.write(`Installing the npm dependencies (npm ${command.join(' ')}): ${reason}\n`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const status = await run(npm, [...command, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status === 0) return 0;
  process.stderr.write(`npm ci failed (status ${status}); its messages are above\n`);
  return status > 128 ? status : environmentLacks;
}

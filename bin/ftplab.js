#!/usr/bin/env node
// Starts the command line from its TypeScript sources. Plain JavaScript: it also has to run where nothing is installed.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const environmentLacks = 3;

function refuse(problem, hint) {
  process.stderr.write(`ftplab: ${problem}\n${hint}\n`);
  process.exit(environmentLacks);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  refuse(`Node.js ${process.versions.node} is too old`, 'Use Node.js 20.19 or later.');

let register;
try {
  ({ register } = await import('tsx/esm/api'));
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const clone = existsSync(new URL('../package-lock.json', import.meta.url));
  refuse('its dependencies are not installed', `Run "${clone ? 'npm ci' : 'npm install'}" in ${folder}`);
}
register();
const { main } = await import('../lab/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));

// `npm run build`: dist/ has the lab as JavaScript with declarations, and its programs that run elsewhere as one file each. That the types
// are right is what `npm run check` looks at.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importOwn } from './own-module.js';
import { run } from './run.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
process.exitCode = await run(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: root,
});
// tsc leaves some imports as they are (see lab/cli/commands/up.ts); they would fail only when somebody calls that command.
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }))
  if (
    file.endsWith('.js') &&
    /\bimport\(['"][./][^'"]*\.ts['"]\)/.test(readFileSync(join(dist, file), 'utf8'))
  )
    throw new Error(`dist/${file} imports a .ts file`);
const { bundledProgram, ownPrograms } = await importOwn('lab/own-files');
for (const name of Object.keys(ownPrograms)) writeFileSync(join(dist, name), bundledProgram(name));

// `npm run build`: dist/ has the lab as JavaScript with declarations, and its programs that run elsewhere as one file each.
import { rmSync, writeFileSync } from 'node:fs';
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
const { bundledProgram, ownPrograms } = await importOwn('lab/own-files');
for (const name of Object.keys(ownPrograms)) writeFileSync(join(dist, name), bundledProgram(name));

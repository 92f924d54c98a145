// `npm start` and `npm test` on a machine where nothing is installed yet: node's own modules only.
//   bootstrap.js start [ftplab run's arguments]   all scenarios; may install Debian packages
//   bootstrap.js test [vitest's arguments]        types, lint and every test; may install Debian packages
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { headStart } from './head-start.js';
import { installDependencies } from './install-dependencies.js';
import { run } from './run.js';
import { runTests } from './run-tests.js';

const root = fileURLToPath(new URL('..', import.meta.url));

async function main([command, ...args]) {
  if (command !== 'start' && command !== 'test') {
    process.stderr.write('Usage: bootstrap.js start|test [arguments]\n');
    return 2;
  }
  const started = command === 'start' ? headStart(args).catch(() => {}) : undefined;
  const status = await installDependencies(root, { development: command === 'test' });
  await started;
  if (status !== 0) return status;
  return command === 'start'
    ? run(process.execPath, ['bin/ftplab.js', 'run', '--install', ...args], { cwd: root })
    : runTests(root, args);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));

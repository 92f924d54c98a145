import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';

/**
 * Types, lint, the order of imports, then vitest over all projects; the last line on standard output is `N passed, N failed`. Resolves to the
 * exit status of the first that failed. `args` go to vitest.
 */
export async function runTests(root, args) {
  const local = (tool) => join(root, 'node_modules/.bin', tool);
  const checks = [
    ['tsc', '--noEmit'],
    ['tsc', '--noEmit', '-p', 'lab/report/html/client'],
    ['biome', 'check', '--error-on-warnings'],
    ['depcruise', 'lab', 'scenarios', '--config', '.dependency-cruiser.mjs'],
  ];
  const statuses = await Promise.all(
    checks.map(([tool, ...options]) => run(local(tool), options, { cwd: root })),
  );
  const failed = statuses.find((status) => status !== 0);
  if (failed !== undefined) return failed;
  const results = join(root, 'results');
  const json = join(results, 'vitest.json');
  mkdirSync(results, { recursive: true });
  rmSync(json, { force: true });
  const annotations = process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : [];
  const reporters = ['default', 'json', 'junit', ...annotations].map((name) => `--reporter=${name}`);
  const files = [`--outputFile.json=${json}`, `--outputFile.junit=${join(results, 'junit.xml')}`];
  const status = await run(local('vitest'), ['run', ...reporters, ...files, ...args], {
    cwd: root,
    env: { ...process.env, FTPLAB_INSTALL: '1' },
  });
  const counts = countsIn(json);
  if (counts !== undefined) process.stdout.write(`${counts}\n`);
  return status;
}

/** `N passed, N failed[, N skipped]`; `undefined` where vitest came to no result. */
export function countsIn(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  // A file that fails before its first test counts as a failure too, or nothing would show it here.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  const line = `${report.numPassedTests} passed, ${report.numFailedTests + brokenFiles} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

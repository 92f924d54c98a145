import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { findDaemon } from './lab/engine/docker/find-daemon.ts';
import { bundledProgram, ownPrograms } from './lab/own-files.ts';
import { LongestFirst } from './test/longest-first.ts';

/** What the tests make labs of, unless they are about Docker or Terraform: namespaces need no daemon and start at once. */
const engine = process.env.FTPLAB_ENGINE || (process.platform === 'linux' ? 'namespaces' : 'docker');

const docker = await findDaemon().then(
  () => true,
  () => false,
);
if (!docker)
  process.stderr.write('No Docker engine answers: the tests of Docker and Terraform are left out.\n');

/** Bundled once for all test files. */
const programs = Object.keys(ownPrograms).map((name) => [
  name,
  bundledProgram(name as keyof typeof ownPrograms),
]);
const define = { compiledPrograms: JSON.stringify(Object.fromEntries(programs)) };

const withLabs = {
  globalSetup: 'test/engine-with-images.ts',
  env: { FTPLAB_ENGINE: engine },
  testTimeout: 120_000,
  hookTimeout: 600_000,
};

/** Unit tests need nothing. Labs of namespaces do not see each other, so those files run side by side; Docker's share one engine. */
export default defineConfig({
  test: {
    // JUnit names each test, hence each cell; in a GitHub job each failure is an annotation too.
    reporters: ['default', 'junit', ...(process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : [])],
    outputFile: { junit: 'results/junit.xml' },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{it,docker}.test.ts'],
          testTimeout: 30_000,
          // A process for each of so many small files costs more than the tests.
          isolate: false,
          // Some wait for a network or a process, so that one more than two cores is not too many.
          maxWorkers: Math.max(3, availableParallelism()),
        },
      },
      {
        define,
        test: {
          ...withLabs,
          name: 'integration',
          include: ['test/**/*.it.test.ts'],
          // Each file has a lab of its own, and what it imports takes a second of computing.
          isolate: false,
          fileParallelism: engine === 'namespaces',
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        define,
        test: {
          ...withLabs,
          name: 'scenarios',
          include: ['test/scenarios/*.scenario.ts'],
          fileParallelism: engine === 'namespaces',
          maxWorkers: 4,
          // Among the integration tests, as these labs are apart too.
          sequence: { groupOrder: 1 },
        },
      },
      ...(docker
        ? [
            {
              define,
              test: {
                ...withLabs,
                name: 'docker',
                include: ['test/**/*.docker.test.ts'],
                env: { FTPLAB_ENGINE: 'docker' },
                fileParallelism: false,
                sequence: { groupOrder: 2 },
              },
            },
          ]
        : []),
      {
        test: {
          name: 'afterwards',
          include: ['test/afterwards/*.after.ts'],
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});

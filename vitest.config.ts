import { defineConfig } from 'vitest/config';

/** Unit tests need nothing; the other projects need a Docker engine and share it, hence one file at a time. */
export default defineConfig({
  test: {
    // JUnit names each test, hence each cell; in a GitHub job each failure is an annotation too.
    reporters: ['default', 'junit', ...(process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : [])],
    outputFile: { junit: 'results/junit.xml' },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.it.test.ts'],
          testTimeout: 30_000,
          // A process for each of so many small files costs more than the tests.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.it.test.ts'],
          globalSetup: 'test/engine-with-images.ts',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['test/scenarios/*.scenario.ts'],
          globalSetup: 'test/engine-with-images.ts',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
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

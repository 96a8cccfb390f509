import { defineConfig } from 'vitest/config';

/** The tests of runs, on Temporal over PostgreSQL instead of the embedded server; those of that server itself stay out. */
export default defineConfig({
  test: {
    include: ['test/{workflows,faults,e2e,postgres}/**/*.test.ts'],
    globalSetup: ['test/support/cluster.ts'],
    pool: 'forks',
    maxWorkers: 2,
    expect: { poll: { interval: 700 } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

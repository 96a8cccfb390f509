import { defineConfig } from 'vitest/config';

/** `core` and `fast` need no server and no build; `server` runs against a real Temporal and the built product. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/core/**/*.test.ts'],
          pool: 'forks',
          // It is pure: files share a process, and what they import is loaded once.
          isolate: false,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'fast',
          include: ['test/{engine,adapters,architecture,browser,client,cli,deploy}/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'server',
          include: ['test/{workflows,replay,faults,e2e,temporal,examples}/**/*.test.ts'],
          globalSetup: ['test/support/server.ts'],
          pool: 'forks',
          maxWorkers: 3,
          // Much of what is asked again and again here is a command, which takes a fifth of a second of a processor.
          expect: { poll: { interval: 250 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

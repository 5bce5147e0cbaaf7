import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/property-seed.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
    maxWorkers: 3, // on two cores, too: most tests wait for a process, a socket or a clock
  },
});

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    globalSetup: ['test/support/server.ts'],
    reporters: ['default', './test/reporter.ts'],
    // Many files wait for processes and timers, so that two at a time serve two cores well.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['engine/**/*.ts'],
      reporter: ['text'],
      thresholds: { lines: 100 },
    },
  },
})

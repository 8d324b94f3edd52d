import { defineConfig } from 'vitest/config'

/** The pages, in a real browser: apart from the other tests, for not every machine has one. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/support/server.ts'],
    reporters: ['default', './test/reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

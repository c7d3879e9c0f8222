import { defineConfig } from 'vitest/config';

// What needs Chromium, Postfix, SpamAssassin or xmllint lives in test/system and is run by
// `npm run test:system`, which fails where they are missing.
const system = process.env.TEST_SYSTEM === '1';

export default defineConfig({
  test: {
    include: system ? ['test/system/**/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: system ? [] : ['test/system/**'],
    testTimeout: system ? 120_000 : 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});

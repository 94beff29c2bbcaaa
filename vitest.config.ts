import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Two cores: more workers than cores only makes the process tests compete with each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The functions' SDK looks up metadata.tencentyun.com unless it believes to be on the platform.
    // And colours: CI=true switches them on, a pipe off; the tests read words.
    env: { TENCENTCLOUD_RUNENV: 'SCF', NO_COLOR: '1' },
  },
});

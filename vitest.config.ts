import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/**
 * What calls functions and starts no process, and leaves nothing behind in its own: these files run in one worker after
 * the other, and what they import is loaded once, not once per file. A new folder belongs here if `--no-isolate` passes.
 */
const TOGETHER = [
  'test/alerts/{address,changes,conditions,message}.test.ts',
  'test/client/{refused,tokens,wire}.test.ts',
  'test/functions/{parallel,tick}.test.ts',
  'test/runtime/**/*.test.ts',
  'test/scenarios/{clocks,expiry}.test.ts',
  'test/setup/env-text.test.ts',
  'test/token/**/*.test.ts',
  'test/wechat/**/*.test.ts',
];
const ALL = ['test/**/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    // Two cores: more workers than cores only makes the process tests compete with each other.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The functions' SDK looks up metadata.tencentyun.com unless it believes to be on the platform.
    // And colours: CI=true switches them on, a pipe off; the tests read words.
    env: { TENCENTCLOUD_RUNENV: 'SCF', NO_COLOR: '1' },
    projects: [
      {
        extends: true,
        test: { name: 'apart', include: ALL, exclude: [...configDefaults.exclude, ...TOGETHER] },
      },
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
    ],
  },
});

/** The tests of the core, of the store and of tickets, and nothing of what the others need: for `npm run mutants`. */

import { configDefaults, defineConfig } from 'vitest/config';
import { QuickestFirst } from './quickest-first.ts';

export default defineConfig({
  test: {
    // The last: what the kinds say of an answer that names no life.
    include: ['test/{token,store,ticket}/**/*.test.ts', 'test/wechat/reply.test.ts'],
    // The first tries cores that are broken on purpose; the second needs a real environment.
    exclude: [...configDefaults.exclude, 'test/token/mutants.test.ts', 'test/store/remote-store.test.ts'],
    setupFiles: ['test/support/leave-nothing.ts', 'test/mutants/setup.ts'],
    sequence: { sequencer: QuickestFirst },
    isolate: false,
    testTimeout: 60_000,
    env: { TENCENTCLOUD_RUNENV: 'SCF', NO_COLOR: '1' },
  },
});

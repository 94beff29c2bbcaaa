/** `npm run bench`: this project beside others, in one run; writes docs/benchmarks.md. */

import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineCommand, runMain } from 'citty';
import { bench } from './bench/main.ts';
import { FULL, QUICK } from './bench/plan.ts';

const ROOT = resolve(import.meta.dirname, '..');

const command = defineCommand({
  meta: {
    name: 'npm run bench --',
    description: 'Measures fetches, times, sizes and costs beside other systems, in under ten minutes',
  },
  args: {
    quick: {
      type: 'boolean',
      default: false,
      description: 'Tiny counts, to see that it works; writes no page of docs',
    },
    page: { type: 'string', description: 'Where to write (default: docs/benchmarks.md)' },
  },
  async run({ args }) {
    const usual = args.quick ? join(tmpdir(), 'benchmarks-quick.md') : join(ROOT, 'docs/benchmarks.md');
    const page = args.page === undefined ? usual : resolve(args.page);
    try {
      await bench({
        root: ROOT,
        plan: args.quick ? QUICK : FULL,
        page,
        log: (line) => console.log(line),
      });
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  },
});

await runMain(command);

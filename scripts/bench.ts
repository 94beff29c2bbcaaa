/**
 * `npm run bench`: this project beside others, in one run; writes docs/benchmarks.md. Ends with 1 when a target of
 * counts is missed: fetches, reads, writes, lost calls are the same everywhere. A missed time is told and ends with 0,
 * because it depends on the machine.
 */

import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineCommand, runMain } from 'citty';
import { bench } from './bench/main.ts';
import { FULL, QUICK } from './bench/plan.ts';
import type { Target } from './bench/section.ts';

const ROOT = resolve(import.meta.dirname, '..');

const command = defineCommand({
  meta: {
    name: 'npm run bench --',
    description:
      'Measures fetches, times, sizes and costs beside other systems, in under ten minutes. Ends with 1 when a target of counts (fetches, reads, writes, lost calls) is missed; a missed time depends on the machine, and is only told',
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
      const targets = await bench({
        root: ROOT,
        plan: args.quick ? QUICK : FULL,
        page,
        log: (line) => console.log(line),
      });
      tellMisses(targets.filter(({ isMet }) => !isMet));
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  },
});

/** Times, and shares of times: what is counted has no unit. */
const TIME = / (ns|µs|ms|s|%)$/;

function tellMisses(missed: readonly Target[]): void {
  for (const { what, wanted, got } of missed) {
    const isTime = TIME.test(wanted);
    if (!isTime) process.exitCode = 1;
    const why = isTime
      ? 'a time: see whether other work runs on this machine, and measure again'
      : 'a count, which no machine excuses';
    console.error(`missed: ${what}, ${got} instead of ${wanted} (${why})`);
  }
}

await runMain(command);

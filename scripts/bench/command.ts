/**
 * `npm run bench`: this project beside others, in one run; writes docs/benchmarks.md. Ends with 1 when a target of
 * counts is missed: fetches, reads, writes, lost calls are the same everywhere. A missed time is told and ends with 0,
 * because it depends on the machine.
 */

import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Target } from './section.ts';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';

/** Times, and shares of times: what is counted has no unit. */
const TIME = / (ns|µs|ms|s|%)$/;

export default defineCommand({
  description: {
    en: 'Measures fetches, times, sizes and costs beside other systems, in under ten minutes. Exit codes: 1 when a target of counts (fetches, reads, writes, lost calls) is missed; a missed time depends on the machine and is only told.',
    zh: '测量获取次数、时间、大小和费用，与其他系统对比，不到十分钟。退出码：1 表示次数类指标（获取、读、写、丢失的调用）没有达到；时间取决于机器，没有达到时只作提示。',
  },
  flags: {
    quick: {
      type: 'boolean',
      description: {
        en: 'tiny counts, to see that it works; writes no page of docs',
        zh: '次数很少，只看能否运行；不写入 docs',
      },
    },
    page: {
      type: 'string',
      description: {
        en: 'where to write (default: docs/benchmarks.md)',
        zh: '写到哪里（默认 docs/benchmarks.md）',
      },
    },
  },
  async run({ quick, page }): Promise<ExitCode> {
    const [{ bench }, { FULL, QUICK }] = await Promise.all([import('./main.ts'), import('./plan.ts')]);
    const usual = quick ? join(tmpdir(), 'benchmarks-quick.md') : join(PACKAGE_FOLDER, 'docs/benchmarks.md');
    const targets = await bench({
      root: PACKAGE_FOLDER,
      plan: quick ? QUICK : FULL,
      page: page === undefined ? usual : resolve(page),
      log: (line) => console.log(line),
    });
    return tellMisses(targets.filter(({ isMet }) => !isMet));
  },
});

function tellMisses(missed: readonly Target[]): ExitCode {
  let code: ExitCode = 0;
  for (const { what, wanted, got } of missed) {
    const isTime = TIME.test(wanted);
    if (!isTime) code = 1;
    const why = isTime
      ? 'a time: see whether other work runs on this machine, and measure again'
      : 'a count, which no machine excuses';
    console.error(`missed: ${what}, ${got} instead of ${wanted} (${why})`);
  }
  return code;
}

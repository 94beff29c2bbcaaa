/** The commands that need the sources: where the package is installed there are none, and an empty list stands here. */

import type { Entry } from './command/definition.ts';

export const DEVELOPER_COMMANDS: Readonly<Record<string, Entry>> = {
  build: {
    description: {
      en: 'bundles every function of cloudbaserc.json into dist/functions',
      zh: '把 cloudbaserc.json 里的每个云函数打包到 dist/functions',
    },
    load: async () => (await import('./build/command.ts')).default,
  },
  package: {
    description: {
      en: 'builds the two packages that are published to npm, the client and the commands',
      zh: '构建发布到 npm 的两个包：客户端和命令行',
    },
    load: async () => (await import('./package/command.ts')).default,
  },
  simulate: {
    description: {
      en: 'months of tokens on a virtual clock, with everything going wrong',
      zh: '用虚拟时钟模拟数月的运行，并注入各种故障',
    },
    load: async () => (await import('./simulate/command.ts')).default,
  },
  fuzz: {
    description: {
      en: 'a hundred thousand odd inputs, and what must hold for each',
      zh: '十万个异常输入，以及每一个都必须满足的性质',
    },
    load: async () => (await import('./fuzz/command.ts')).default,
  },
  bench: {
    description: {
      en: 'this project beside others, measured; writes docs/benchmarks.md',
      zh: '与其他项目对比测量，写入 docs/benchmarks.md',
    },
    load: async () => (await import('./bench/command.ts')).default,
  },
  lock: {
    description: {
      en: 'adds to package-lock.json the packages of other platforms, and integrity where it is missing',
      zh: '向 package-lock.json 补上其他平台的包和缺少的 integrity',
    },
    load: async () => (await import('./lock/command.ts')).default,
  },
};

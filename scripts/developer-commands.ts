/** The commands that need the sources: where the package is installed there are none, and an empty list stands here. */

import type { Entry } from './command/definition.ts';

export const DEVELOPER_COMMANDS: Readonly<Record<string, Entry>> = {
  build: {
    description: 'bundles every function of cloudbaserc.json into dist/functions',
    load: async () => (await import('./build/command.ts')).default,
  },
  package: {
    description: 'builds the two packages that are published to npm, the client and the commands',
    load: async () => (await import('./package/command.ts')).default,
  },
  simulate: {
    description: 'months of tokens on a virtual clock, with everything going wrong',
    load: async () => (await import('./simulate/command.ts')).default,
  },
  fuzz: {
    description: 'a hundred thousand odd inputs, and what must hold for each',
    load: async () => (await import('./fuzz/command.ts')).default,
  },
  bench: {
    description: 'this project beside others, measured; writes docs/benchmarks.md',
    load: async () => (await import('./bench/command.ts')).default,
  },
  lock: {
    description:
      'adds to package-lock.json the packages of other platforms, and integrity where it is missing',
    load: async () => (await import('./lock/command.ts')).default,
  },
};

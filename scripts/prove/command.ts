/** `npm run prove`: tries what this project takes for granted of the database, on the platform itself. */

import { defineCommand, type ExitCode } from '../command/definition.ts';

export default defineCommand({
  description:
    'Tries every assumption about the database on a scratch collection, which is removed again; the token is never touched. Exit codes: 0 all hold, 1 one differs, 2 one could not be tried.',
  flags: {
    local: { type: 'boolean', description: 'on the embedded cloud instead of a CloudBase environment' },
    report: {
      type: 'string',
      default: '.local/prove.md',
      description: 'the file for a maintainer; it holds no id and no secret',
    },
  },
  failsWith: 2,
  async run({ local, report }): Promise<ExitCode> {
    const { runProve } = await import('./run.ts');
    return runProve(local, report);
  },
});

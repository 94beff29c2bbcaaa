/** `npm run prove`: tries what this project takes for granted of a platform, on the platform itself. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description:
    'Tries every assumption about the platform on a scratch collection and a scratch function, which are removed again; the token is never touched. Exit codes: 0 all hold, 1 one differs, 2 one could not be tried.',
  flags: {
    local: { type: 'boolean', description: 'on the embedded cloud instead of a CloudBase environment' },
    'no-wait': { type: 'boolean', description: 'without the lines that wait for a tick of the timer' },
    'with-wechat': {
      type: 'boolean',
      description:
        'also what WeChat’s documents don’t say, in at most ten tokens of WX_APPID: asks first; with --local the sandbox',
    },
    report: {
      type: 'string',
      default: `${OWN_FOLDER}/prove.md`,
      description: 'the file for a maintainer; it holds no id and no secret',
    },
  },
  failsWith: 2,
  async run(flags): Promise<ExitCode> {
    const { runProve } = await import('./run.ts');
    return runProve(flags);
  },
});

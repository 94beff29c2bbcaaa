/** `npm run doctor`: what is wrong, why it matters, and the command that cures it. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

export default defineCommand({
  description:
    'Looks at the deployment and at every app, and changes nothing. Exit codes: 0 all is well (hints apart), 1 problems, 2 could not look at everything.',
  flags: { json: { type: 'boolean', description: 'for programs' }, ...PLACE_FLAGS },
  failsWith: 2,
  async run({ json, ...flags }): Promise<ExitCode> {
    const { diagnose } = await import('./diagnose.ts');
    return diagnose(flags, json);
  },
});

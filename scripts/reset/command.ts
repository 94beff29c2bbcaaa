/** `npm run reset`: the sandbox of the embedded cloud as on its first day, whatever its knobs have done. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

export default defineCommand({
  description:
    'Switches every knob of the sandbox off, sets its clock right, forgets what is stored, and fetches a new token. Exit codes: 0 done, 1 not.',
  flags: {
    data: { type: 'string', default: PLACE_FLAGS.data.default, description: 'folder of the data' },
    sandbox: { type: 'boolean', description: PLACE_FLAGS.sandbox.description },
  },
  async run(flags): Promise<ExitCode> {
    const { reset } = await import('./reset.ts');
    return reset(flags);
  },
});

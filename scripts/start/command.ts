/** `npm start`: the whole thing on this machine, without an account. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description: 'The timer, the functions, the database and WeChat, on this machine.',
  flags: {
    once: { type: 'boolean', description: 'one round trip, then exit 0 if it worked' },
    sandbox: { type: 'boolean', description: 'WeChat is the sandbox, whatever credentials are set' },
    port: {
      type: 'string',
      description: 'port of the client door; without it 18600, with --once any free one',
    },
    functions: {
      type: 'list',
      description: 'folder of your own cloud functions, to run beside ours; may be given several times',
    },
    project: {
      type: 'list',
      description:
        'folder of a mini program, whose project.config.json or cloudbaserc.json names that folder',
    },
    quiet: { type: 'boolean', description: 'without what your functions print' },
    inspect: {
      type: 'list',
      description: 'function of yours that runs with an inspector for a debugger; its address is printed',
    },
    seed: {
      type: 'string',
      description: 'folder of <collection>.json files, which fill the collections that are empty',
    },
    'env-file': {
      type: 'string',
      description:
        'file to write what the SDKs in a script outside need to reach this cloud; gone at the end',
      excludes: 'once',
    },
    data: { type: 'string', default: `${OWN_FOLDER}/data`, description: 'folder of the database' },
  },
  async run(flags): Promise<ExitCode> {
    const { start } = await import('./start.ts');
    return start(flags);
  },
});

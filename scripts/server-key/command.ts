/** `npm run server-key`: keys of the servers that may come through the outside door. Exit codes: 0 done, 1 not done. */

import { defineCommand, type ExitCode, type Group } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

const NAME = ['NAME'] as const;

const group: Group = {
  description: 'Keys of servers outside CloudBase that share the token. Exit codes: 0 done, 1 not done.',
  commands: {
    add: defineCommand({
      description: 'Makes a key for a server and shows it, once. NAME is what you call the server.',
      words: NAME,
      flags: {
        appid: {
          type: 'string',
          description: 'the app, or several with commas; not needed when one is configured',
        },
        ticks: { type: 'boolean', description: 'a key that may tick, and gets no token' },
        ...PLACE_FLAGS,
      },
      run: async ({ appid, ticks, ...flags }, [name = '']): Promise<ExitCode> =>
        (await import('./keys.ts')).add(flags, name, { appid, ticks }),
    }),
    list: defineCommand({
      description: 'Shows all servers, those with a revoked key too.',
      flags: PLACE_FLAGS,
      run: async (flags): Promise<ExitCode> => (await import('./keys.ts')).list(flags),
    }),
    revoke: defineCommand({
      description: 'Makes the key of a server useless, at once.',
      words: NAME,
      flags: PLACE_FLAGS,
      run: async (flags, [name = '']): Promise<ExitCode> => (await import('./keys.ts')).revoke(flags, name),
    }),
  },
};

export default group;

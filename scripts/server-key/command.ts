/** `npm run server-key`: keys of the servers that may come through the outside door. Exit codes: 0 done, 1 not done. */

import { defineCommand, type ExitCode, type Group } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

const NAME = ['NAME'] as const;

const group: Group = {
  description: {
    en: 'Keys of servers outside CloudBase that share the token. Exit codes: 0 done, 1 not done.',
    zh: '云开发之外的服务器共用 token 的密钥。退出码：0 已完成，1 没有完成。',
  },
  commands: {
    add: defineCommand({
      description: {
        en: 'Makes a key for a server and shows it, once. NAME is what you call the server.',
        zh: '为一台服务器生成密钥，只显示一次。NAME 是你给服务器取的名字。',
      },
      words: NAME,
      flags: {
        appid: {
          type: 'string',
          description: {
            en: 'the app, or several with commas; not needed when one is configured',
            zh: '哪个应用，多个用逗号分隔；只配置了一个时不用写',
          },
        },
        ticks: {
          type: 'boolean',
          description: {
            en: 'a key that may tick, and gets no token',
            zh: '只能触发刷新、不能获取 token 的密钥',
          },
        },
        ...PLACE_FLAGS,
      },
      run: async ({ appid, ticks, ...flags }, [name = '']): Promise<ExitCode> =>
        (await import('./keys.ts')).add(flags, name, { appid, ticks }),
    }),
    list: defineCommand({
      description: {
        en: 'Shows all servers, those with a revoked key too.',
        zh: '列出所有服务器，包括密钥已撤销的。',
      },
      flags: PLACE_FLAGS,
      run: async (flags): Promise<ExitCode> => (await import('./keys.ts')).list(flags),
    }),
    revoke: defineCommand({
      description: { en: 'Makes the key of a server useless, at once.', zh: '立即撤销一台服务器的密钥。' },
      words: NAME,
      flags: PLACE_FLAGS,
      run: async (flags, [name = '']): Promise<ExitCode> => (await import('./keys.ts')).revoke(flags, name),
    }),
  },
};

export default group;

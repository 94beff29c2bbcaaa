/** `npm run setup`: the settings of one app, checked with WeChat and written to .env.local. */

import { resolve } from 'node:path';
import pc from 'picocolors';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PROJECT_FOLDER } from '../command/folders.ts';
import type { EnvironmentInfo } from '../platform/environment.ts';
import type { Values } from '../platform/settings.ts';
import { readSecretFile } from './secret-input.ts';

export default defineCommand({
  description: {
    en: 'Writes the settings of one app to .env.local, after WeChat has confirmed them. Asks for what no flag, variable or the file tells. Exit codes: 0 written, 1 not.',
    zh: '向微信核对之后，把一个应用的配置写入 .env.local。只询问参数、环境变量和文件都没有给出的内容。退出码：0 已写入，1 没有写入。',
  },
  flags: {
    env: { type: 'string', description: { en: 'CloudBase environment id', zh: '云开发环境 ID' } },
    appid: { type: 'string', description: { en: 'AppID', zh: '小程序的 AppID' } },
    'secret-file': {
      type: 'string',
      description: {
        en: 'file that holds the AppSecret, - for standard input (or set WX_APPSECRET)',
        zh: '存有 AppSecret 的文件，- 表示标准输入（也可以设置 WX_APPSECRET）',
      },
    },
    mode: {
      type: 'string',
      options: ['token', 'stable'],
      description: { en: 'how tokens are fetched (WX_TOKEN_API)', zh: '获取 token 的接口（WX_TOKEN_API）' },
    },
    encryption: {
      type: 'string',
      options: ['on', 'off', 'rotate'],
      description: {
        en: 'on: keep the key or make one; rotate: put a new one in front; off: store tokens in clear',
        zh: 'on：沿用或生成密钥；rotate：在最前面加一把新密钥；off：明文存储 token',
      },
    },
    tickets: {
      type: 'string',
      options: ['jsapi', 'wx_card', 'jsapi+wx_card', 'none'],
      description: {
        en: 'which tickets getTicket keeps for an official account (WX_TICKETS); none: no getTicket',
        zh: 'getTicket 为公众号保存哪些 ticket（WX_TICKETS）；none：不要 getTicket',
      },
    },
    'no-check': {
      type: 'boolean',
      excludes: 'base-url',
      description: {
        en: "don't ask WeChat whether AppID and AppSecret belong together",
        zh: '不向微信核对 AppID 与 AppSecret 是否相符',
      },
    },
    'base-url': {
      type: 'string',
      description: {
        en: 'ask this address instead of WeChat (https, or http on loopback)',
        zh: '向这个地址核对，不访问微信（https，本机可用 http）',
      },
    },
    file: {
      type: 'string',
      default: '.env.local',
      description: { en: 'the file to write', zh: '要写入的文件' },
    },
  },
  async run(args): Promise<ExitCode> {
    const tell = (isGood: boolean | null, line: string): void =>
      console.log(`${isGood === null ? '…' : isGood ? pc.green('✓') : pc.red('✗')} ${line}`);
    const { env, appid, mode, encryption, tickets, file, 'secret-file': secretFile } = args;
    const secret = secretFile === undefined ? undefined : readSecretFile(secretFile);
    const [{ promptsOn }, { setup }] = await Promise.all([import('./prompts.ts'), import('./setup.ts')]);
    const isInteractive = process.stdin.isTTY && process.stdout.isTTY;
    const isWritten = await setup({
      flags: {
        env,
        appid,
        secret,
        mode,
        encryption,
        tickets,
      },
      file: resolve(PROJECT_FOLDER, file),
      env: process.env,
      prompts: isInteractive ? promptsOn() : null,
      isChecked: !args['no-check'],
      baseUrl: args['base-url'],
      tell,
      readEnvironmentInfo,
    });
    return isWritten ? 0 : 1;
  },
});

/** Only with keys, of the process environment or of the file: nobody has to sign in for it. */
async function readEnvironmentInfo(values: Values): Promise<EnvironmentInfo | null> {
  const { TENCENTCLOUD_SECRETID: id, TENCENTCLOUD_SECRETKEY: key } = values as Partial<Values>;
  if (id === undefined || key === undefined) return null;
  const [{ openEnvironment }, { readPlatformSettings }] = await Promise.all([
    import('../platform/open.ts'),
    import('../platform/settings.ts'),
  ]);
  const settings = readPlatformSettings(PROJECT_FOLDER, { ...process.env, ...values });
  const { environment } = await openEnvironment(settings);
  return environment.describe();
}

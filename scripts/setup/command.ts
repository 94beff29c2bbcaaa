/** `npm run setup`: the settings of one app, checked with WeChat and written to .env.local. */

import { resolve } from 'node:path';
import pc from 'picocolors';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PROJECT_FOLDER } from '../command/folders.ts';
import type { EnvironmentInfo } from '../platform/environment.ts';
import type { Values } from '../platform/settings.ts';
import { readSecretFile } from './secret-input.ts';

export default defineCommand({
  description:
    'Writes the settings of one app to .env.local, after WeChat has confirmed them. Asks for what no flag, variable or the file tells. Exit codes: 0 written, 1 not.',
  flags: {
    env: { type: 'string', description: 'CloudBase environment id' },
    appid: { type: 'string', description: 'AppID' },
    'secret-file': {
      type: 'string',
      description: 'file that holds the AppSecret, - for standard input (or set WX_APPSECRET)',
    },
    mode: {
      type: 'string',
      options: ['token', 'stable'],
      description: 'how tokens are fetched (WX_TOKEN_API)',
    },
    encryption: {
      type: 'string',
      options: ['on', 'off', 'rotate'],
      description: 'on: keep the key or make one; rotate: put a new one in front; off: store tokens in clear',
    },
    'no-check': {
      type: 'boolean',
      excludes: 'base-url',
      description: "don't ask WeChat whether AppID and AppSecret belong together",
    },
    'base-url': {
      type: 'string',
      description: 'ask this address instead of WeChat (https, or http on loopback)',
    },
    file: { type: 'string', default: '.env.local', description: 'the file to write' },
  },
  async run(args): Promise<ExitCode> {
    const tell = (isGood: boolean | null, line: string): void =>
      console.log(`${isGood === null ? '…' : isGood ? pc.green('✓') : pc.red('✗')} ${line}`);
    const { env, appid, mode, encryption, file, 'secret-file': secretFile } = args;
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

/** `npm run setup`: the settings of one app, checked with WeChat and written to .env.local. */

import { resolve } from 'node:path';
import pc from 'picocolors';
import type { TokenApi } from '../../functions/_shared/token/record.ts';
import { runCommand, type ExitCode } from '../command/command.ts';
import { ROOT } from '../place/open.ts';
import type { Encryption } from './answers.ts';
import { terminalPrompts } from './prompts.ts';
import { readSecretFlags } from './secret-input.ts';
import { setup } from './setup.ts';

await runCommand({
  name: 'setup',
  description:
    'Writes the settings of one app to .env.local, after WeChat has confirmed them. Asks for what no flag, variable or the file tells. Exit codes: 0 written, 1 not.',
  args: {
    env: { type: 'string', description: 'CloudBase environment id' },
    appid: { type: 'string', description: 'AppID' },
    'secret-file': {
      type: 'string',
      description: 'file that holds the AppSecret, - for standard input (or set WX_APPSECRET)',
    },
    secret: { type: 'string', description: 'the AppSecret itself: visible in the process list' },
    mode: {
      type: 'enum',
      options: ['token', 'stable'],
      description: 'how tokens are fetched (WX_TOKEN_API)',
    },
    encryption: {
      type: 'enum',
      options: ['on', 'off', 'rotate'],
      description: 'on: keep the key or make one; rotate: put a new one in front; off: store tokens in clear',
    },
    check: {
      type: 'boolean',
      default: true,
      description: 'ask WeChat whether AppID and AppSecret belong together',
      negativeDescription: "don't ask WeChat",
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
    const { env, appid, mode, encryption, check, file } = args;
    const secret = readSecretFlags(args, (line) => console.error(`${pc.yellow('!')} ${line}`));
    const isInteractive = process.stdin.isTTY && process.stdout.isTTY;
    const isWritten = await setup({
      flags: {
        env,
        appid,
        secret,
        mode: mode as TokenApi | undefined,
        encryption: encryption as Encryption | undefined,
      },
      file: resolve(ROOT, file),
      env: process.env,
      prompts: isInteractive ? terminalPrompts : null,
      isChecked: check,
      baseUrl: args['base-url'],
      tell,
    });
    return isWritten ? 0 : 1;
  },
});

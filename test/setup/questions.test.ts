/** The questions of `npm run setup` as a person answers them: typed on a terminal, WeChat's sandbox behind it. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'dotenv';
import { expect, it, onTestFinished } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { startWeChatSandbox, type WeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { promptsOn } from '../../scripts/setup/prompts.ts';
import { setup, type SetupOptions } from '../../scripts/setup/setup.ts';
import { commandEnv } from '../support/command.ts';
import { ROOT } from '../support/root.ts';

const APPID = 'wxsetup00000000001';
const SECRET = 'c0ffee0123456789abcdef0123456789';
const WRONG = 'decade0123456789abcdef0123456789';
const ENTER = '\r';

async function sandbox(): Promise<WeChatSandbox> {
  const apps = [{ appid: APPID, secret: SECRET }];
  const started = await startWeChatSandbox({ clock: createCloudClock(), port: 0, secret: 'knobs', apps });
  onTestFinished(() => started.close());
  return started;
}

interface Terminal {
  input: PassThrough;
  output: PassThrough;
  /** Types the keys as soon as the text has appeared, behind what was seen before. */
  type(text: RegExp, keys: string): Promise<void>;
  /** All that has appeared. */
  shown(): string;
}

function terminal(): Terminal {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let all = '';
  let seen = 0;
  output.on('data', (bytes: Buffer) => (all += bytes.toString()));
  const hasAppeared = (text: RegExp): boolean => {
    const rest = stripVTControlCharacters(all).slice(seen);
    const found = text.exec(rest);
    if (found !== null) seen += found.index + found[0].length;
    return found !== null;
  };
  const type: Terminal['type'] = async (text, keys) => {
    for (let tries = 0; !hasAppeared(text); tries++) {
      if (tries > 3_000) throw new Error(`${text} never appeared: ${stripVTControlCharacters(all)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    input.write(keys);
  };
  return { input, output, type, shown: () => stripVTControlCharacters(all) };
}

async function ask(wechat: WeChatSandbox, options: Partial<SetupOptions> = {}) {
  const screen = terminal();
  const asked: { appid: string; secret: string }[] = [];
  const file = join(mkdtempSync(join(tmpdir(), 'questions-')), '.env.local');
  const { checkWithWeChat } = await import('../../scripts/setup/check-wechat.ts');
  const done = setup({
    flags: { env: 'env-1', mode: 'token', encryption: 'off' },
    file,
    env: {},
    prompts: promptsOn(screen),
    isChecked: true,
    baseUrl: wechat.url,
    tell: (_, line) => void screen.output.write(`${line}\n`),
    check: (credentials) => {
      asked.push({ appid: credentials.appid, secret: credentials.secret });
      return checkWithWeChat(credentials);
    },
    ...options,
  });
  return { ...screen, asked, file, done };
}

it('has WeChat confirm the AppSecret at once, and asks for that alone again when it is wrong', async () => {
  const { type, done, asked, shown, file } = await ask(await sandbox(), {
    flags: { env: 'env-1', encryption: 'off' },
  });
  await type(/AppID \(/, APPID + ENTER);
  await type(/AppSecret/, WRONG + ENTER);
  await type(
    /WeChat answered 40125: the AppSecret is not that of this AppID[\s\S]*AppSecret\n/,
    SECRET + ENTER,
  );
  await type(/WeChat accepts[\s\S]*How tokens are fetched/, ENTER);
  expect(await done).toBe(true);
  expect(asked).toEqual([
    { appid: APPID, secret: WRONG },
    { appid: APPID, secret: SECRET },
  ]);
  expect(shown().match(/◇ +AppID \(/g)).toHaveLength(1);
  expect(shown()).not.toMatch(new RegExp(`${SECRET}|${WRONG}`));
  expect(parse(readFileSync(file))).toMatchObject({ WX_APPID: APPID, WX_APPSECRET: SECRET });
});

it('sends no AppSecret of the wrong length, nor one of other characters', async () => {
  const { type, done, asked } = await ask(await sandbox());
  await type(/AppID \(/, APPID + ENTER);
  await type(/AppSecret/, SECRET.slice(1) + ENTER);
  await type(/32 characters of 0-9 and a-f, and this is 31 characters/, SECRET.at(-1)! + ENTER);
  // The letter was typed behind the 31: that is 32 again, but not the right one.
  await type(/40125[\s\S]*AppSecret\n/, SECRET.replace('c', 'g') + ENTER);
  await type(/32 characters of 0-9 and a-f, and this is something else/, '\u0015' + SECRET + ENTER);
  expect(await done).toBe(true);
  expect(asked.map(({ secret }) => secret)).toEqual([SECRET.slice(1) + SECRET.at(-1)!, SECRET]);
});

it('asks for the AppID alone again when there is none of that name', async () => {
  const wechat = await sandbox();
  const { type, done, asked } = await ask(wechat);
  await type(/AppID \(/, `${APPID}x${ENTER}`);
  await type(/AppSecret/, SECRET + ENTER);
  await type(/40013: there is no such AppID[\s\S]*AppID \(/, `\u007F${ENTER}`);
  expect(await done).toBe(true);
  expect(asked).toEqual([
    { appid: `${APPID}x`, secret: SECRET },
    { appid: APPID, secret: SECRET },
  ]);
});

it('an IP outside the whitelist is no wrong secret: it is not asked for again', async () => {
  const wechat = await sandbox();
  wechat.wechat.account(APPID).setWhitelist(['9.9.9.9']);
  const { type, done, asked, shown, file } = await ask(wechat);
  await type(/AppID \(/, APPID + ENTER);
  await type(/AppSecret/, SECRET + ENTER);
  await type(/40164: [\s\S]*Add 127\.0\.0\.1 at[\s\S]*Write the file all the same/, ENTER);
  expect(await done).toBe(false);
  expect(asked).toHaveLength(1);
  expect(shown()).toMatch(/nothing was written/);
  expect(existsSync(file)).toBe(false);
});

it('refuses a way of fetching that there is not, with the nearest one', () => {
  const line = ['scripts/run.cjs', 'setup', '--mode', 'stabel'];
  const run = (): string =>
    execFileSync(process.execPath, line, { cwd: ROOT, env: commandEnv(), stdio: 'pipe' }).toString();
  expect(run).toThrow(
    expect.objectContaining({
      status: 1,
      stderr: Buffer.from('✗ --mode is one of token, stable, not "stabel": did you mean stable?\n'),
    }) as Error,
  );
});

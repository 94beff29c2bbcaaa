/** The questions of the commands at a real terminal: each answer does what it says, and Ctrl-C ends it with nothing done. */

import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { openDatabase } from '../../scripts/local/database/open.ts';
import { startWeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { MOST_MINTS } from '../../scripts/prove/ask-wechat.ts';
import { playTencent } from '../platform/fake/played.ts';
import { surroundingsOf } from '../platform/fake/run.ts';
import { argumentsFor, commandEnv } from '../support/command.ts';
import { ROOT } from '../support/root.ts';
import { atTerminal, CTRL_C, CTRL_D, ENTER } from '../support/terminal.ts';

const APPID = 'wx0123456789abcdef';
const SECRET = 'c0ffee0123456789abcdef0123456789';
const PATIENCE_MS = 180_000;

const run = (command: string, flags: readonly string[], env: NodeJS.ProcessEnv) =>
  atTerminal(argumentsFor(command, [...flags]), ROOT, env);

describe('npm run setup', () => {
  function ask(...flags: string[]) {
    const file = join(mkdtempSync(join(tmpdir(), 'terminal-')), '.env.local');
    const given = ['--env', 'env-1', '--mode', 'token', '--no-check', '--file', file];
    return { file, ...run('setup', [...given, ...flags], commandEnv()) };
  }

  it.each([
    ['yes', ENTER, true],
    ['no', `n`, false],
  ])(
    'asks for AppID, secret and encryption, and does what %s means',
    async (_, answer, isEncrypted) => {
      const { file, type, ended } = ask();
      await type(/AppID .*/, `${APPID}${ENTER}`);
      await type(/AppSecret/, `${SECRET}${ENTER}`);
      await type(/Encrypt the token/, answer);
      const { code, shown } = await ended;
      expect({ code, shown }).toEqual({ code: 0, shown: expect.stringContaining('wrote') });
      expect(shown).not.toContain(SECRET);
      const written = parse(readFileSync(file, 'utf8'));
      expect(written).toMatchObject({ WX_APPID: APPID, WX_APPSECRET: SECRET });
      expect('TOKEN_ENCRYPTION_KEYS' in written).toBe(isEncrypted);
    },
    PATIENCE_MS,
  );

  it(
    'is ended by Ctrl-C, in the middle of a question that a wrong answer has left open',
    async () => {
      const { file, type, ended } = ask('--encryption', 'off', '--lang', 'zh');
      await type(/AppID/, `a b${ENTER}`);
      await type(/AppID 由 6 到 64 个/, CTRL_C);
      expect(await ended).toEqual({ code: 1, shown: expect.stringContaining('已取消，没有写入任何内容') });
      expect(existsSync(file)).toBe(false);
    },
    PATIENCE_MS,
  );
});

describe('npm run destroy', () => {
  async function ask() {
    const data = mkdtempSync(join(tmpdir(), 'terminal-'));
    const database = openDatabase({ folder: data, clock: createCloudClock() });
    const token = { schema: 1, version: 3, writer: 'w', mints: { day: 1, count: 1 } };
    database.createCollection('wx_access_tokens');
    await database.collection('wx_access_tokens').insert([{ _id: APPID, ...token }]);
    await database.close();
    const isThere = async (): Promise<boolean> => {
      const again = openDatabase({ folder: data, clock: createCloudClock() });
      const found = again.collection('wx_access_tokens').find({ query: { _id: APPID } });
      await again.close();
      return found.length > 0;
    };
    return { isThere, ...run('destroy', ['--local', '--data', data], commandEnv()) };
  }

  it.each([
    ['the name', `local${ENTER}`, { code: 0, told: 'Removed.', isThere: false }],
    [
      'another name',
      `yes${ENTER}`,
      { code: 1, told: 'nothing has been removed: that was not local', isThere: true },
    ],
    ['Ctrl-C', CTRL_C, { code: 1, told: 'nothing has been removed', isThere: true }],
    ['Ctrl-D', CTRL_D, { code: 1, told: 'nothing has been removed', isThere: true }],
  ])(
    'is answered by %s',
    async (_, keys, { code, told, isThere }) => {
      const asked = await ask();
      await asked.type(/Type local to remove that for good: /, keys);
      expect(await asked.ended).toEqual({ code, shown: expect.stringContaining(told) });
      expect(await asked.isThere()).toBe(isThere);
    },
    PATIENCE_MS,
  );
});

describe('npm run prove -- --with-wechat', async () => {
  const fake = await playTencent();

  async function ask() {
    const apps = [{ appid: APPID, secret: SECRET }];
    const sandbox = await startWeChatSandbox({ clock: createCloudClock(), port: 0, secret: 'knobs', apps });
    onTestFinished(() => sandbox.close());
    const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_API_BASE_URLS: sandbox.url };
    const env = { ...surroundingsOf(fake), ...variables };
    const report = join(mkdtempSync(join(tmpdir(), 'terminal-')), 'prove.md');
    const flags = ['--with-wechat', '--no-wait', '--report', report];
    const mints = (): number => {
      const { legacy, stable } = sandbox.wechat.mints(APPID);
      return legacy + stable;
    };
    return { mints, report, ...run('prove', flags, env) };
  }

  it.each([
    ['another AppID', `wxother${ENTER}`],
    ['Ctrl-C', CTRL_C],
  ])(
    'asks WeChat for nothing after %s',
    async (_, keys) => {
      const { type, ended, mints } = await ask();
      await type(new RegExp(`Type ${APPID} to go on: `), keys);
      const { code, shown } = await ended;
      expect(shown).toContain(`This fetches up to ${MOST_MINTS} tokens of ${APPID}`);
      expect({ code, mints: mints() }).toEqual({ code: 2, mints: 0 });
      expect(shown).toContain('WeChat has not been asked');
    },
    PATIENCE_MS,
  );

  it(
    'goes on after the AppID, and Ctrl-C then takes the scratch away and keeps what was seen',
    async () => {
      const { type, ended, report } = await ask();
      await type(new RegExp(`Type ${APPID} to go on: `), `${APPID}${ENTER}`);
      await type(/On an environment with /, CTRL_C);
      const { code, shown } = await ended;
      expect({ code, shown }).toEqual({
        code: 2,
        shown: expect.stringContaining('Interrupted: removing the scratch collection and function'),
      });
      expect(readFileSync(report, 'utf8')).toContain('could not be tried');
      expect(shown).not.toContain(SECRET);
    },
    PATIENCE_MS,
  );
});

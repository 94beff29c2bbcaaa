/** The runbook of SECURITY.md, step by step: what it tells people to type in a bad hour does what it says. */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTokenCipher } from '../functions/_shared/store/cipher.ts';
import type { SealedValue } from '../functions/_shared/store/sealed.ts';
import { createCloudClock } from '../scripts/local/clock.ts';
import { COLLECTION } from '../scripts/local/cloud.ts';
import { openDatabase } from '../scripts/local/database/open.ts';
import type { LivingToken } from '../scripts/local/wechat/restart.ts';
import { readPage } from './readme/markdown.ts';
import { commandsOf } from './readme/pages.ts';
import { APPID, NOON_MS, openTestCloud, SECRET, startTestCloud } from './support/cloud.ts';
import { shareProcess } from './support/shared-process.ts';

const runNode = promisify(execFile);
const run = shareProcess();
/** The sandbox's own app, which the commands use with --sandbox. */
const LOCAL_APPID = 'wxlocalsandbox0001';
const OLD_KEY = randomBytes(32).toString('base64');

const english = readPage('SECURITY.md');
const chinese = readPage('SECURITY.zh-CN.md');

const folder = mkdtempSync(join(tmpdir(), 'runbook-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Data on which an embedded cloud has run once. */
beforeAll(async () => {
  const variables = {
    WX_APPID: LOCAL_APPID,
    WX_APPSECRET: 'local-sandbox-secret',
    TOKEN_ENCRYPTION_KEYS: OLD_KEY,
  };
  const cloud = await openTestCloud({ variables, dataFolder: join(folder, 'once') });
  await cloud.refresh();
  await cloud.end();
});

/** A folder with that data, for one test. */
async function startedOnce(): Promise<string> {
  const data = await mkdtemp(join(folder, 'data-'));
  await cp(join(folder, 'once'), data, { recursive: true });
  return data;
}

/** A command of the document as it stands there, on that folder instead of a real environment. */
async function type(command: string, data: string, keys: string): Promise<string> {
  const [, script, flags = ''] = /^npm run ([\w-]+)(?: -- (.*))?$/.exec(command) ?? [];
  if (script === undefined) return (await runNode(process.execPath, ['-p', nodeProgram(command)])).stdout;
  const local = ['--local', '--sandbox', '--data', data];
  const env = { TOKEN_ENCRYPTION_KEYS: keys };
  const { code, out } = await run(script, [...flags.split(' ').filter(Boolean), ...local], env);
  expect(code).toBe(0);
  return out;
}

function nodeProgram(command: string): string {
  const program = /^node -p "(.+)"$/.exec(command)?.[1];
  if (program === undefined) throw new Error(`no test knows how to type ${command}`);
  return program;
}

/** What the database and WeChat know after a command. */
async function readStored(data: string): Promise<{ sealed: SealedValue; living: string[] }> {
  const database = openDatabase({ folder: data, clock: createCloudClock() });
  try {
    const [document] = database.collection(COLLECTION).find({ query: { _id: LOCAL_APPID } });
    const [wechat] = database.collection('sandbox_wechat').find({ query: { _id: 'living' } });
    const { value: sealed } = document!['token'] as { value: SealedValue };
    const living = (wechat!['tokens'] as LivingToken[]).map(({ value }) => value);
    return { sealed, living };
  } finally {
    await database.close();
  }
}

function unseal(sealed: SealedValue, ...keys: string[]): string | null {
  const opened = createTokenCipher(keys.map((key) => Buffer.from(key, 'base64'))).open(LOCAL_APPID, sealed);
  return opened.ok ? opened.value : null;
}

describe('SECURITY.md', () => {
  it('has the same commands, tables and steps in both languages', () => {
    expect(commandsOf(chinese)).toEqual(commandsOf(english));
    expect(chinese.headings.map(({ level }) => level)).toEqual(english.headings.map(({ level }) => level));
    expect(chinese.tables.map(({ rows }) => rows.length)).toEqual(
      english.tables.map(({ rows }) => rows.length),
    );
    const names = (page: typeof english): string[] =>
      page.codes.map(({ text }) => text).filter((text) => /^[A-Z_]{5,}$|^scripts\//.test(text));
    expect(new Set(names(chinese))).toEqual(new Set(names(english)));
  });

  it('has no command that is not run below', () => {
    expect(commandsOf(english)).toEqual([LEAK, NEW_KEY, REFRESH]);
  });
});

const LEAK = 'npm run refresh -- --leaked';
const NEW_KEY = `node -p "crypto.randomBytes(32).toString('base64')"`;
const REFRESH = 'npm run refresh';

describe('the runbook', () => {
  it('kills a leaked token, and the one that is stored afterwards lives', async () => {
    const data = await startedOnce();
    const before = await readStored(data);
    const leaked = unseal(before.sealed, OLD_KEY);
    expect(before.living).toEqual([leaked]);
    expect(await type(LEAK, data, OLD_KEY)).toMatch(/the leaked token is dead/);
    const after = await readStored(data);
    expect(after.living).not.toContain(leaked);
    expect(after.living).toContain(unseal(after.sealed, OLD_KEY));
  });

  it('replaces a leaked key: after it, the old key opens nothing any more', async () => {
    const data = await startedOnce();
    const key = (await type(NEW_KEY, data, OLD_KEY)).trim();
    await type(REFRESH, data, `${key},${OLD_KEY}`);
    const { sealed, living } = await readStored(data);
    expect(unseal(sealed, OLD_KEY)).toBeNull();
    expect(living).toContain(unseal(sealed, key));
  });

  it('replaces a leaked AppSecret: the token stays in use, and a deployment closes the open breaker', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'runbook-'));
    onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
    const clock = createCloudClock(NOON_MS);
    clock.freeze();
    const deploy = (secret: string, known: string) =>
      startTestCloud({
        variables: { WX_APPID: APPID, WX_APPSECRET: secret },
        sandboxApps: [{ appid: APPID, secret: known }],
        dataFolder,
        clock,
      });
    const before = await deploy(SECRET, SECRET);
    const { access_token: token } = await before.get();
    before.sandbox.wechat.account(APPID).setSecret('the-new-secret', clock.now());
    clock.advance(110 * 60_000);
    expect((await before.refresh()).results[0]).toMatchObject({ action: 'failed' });
    expect(await before.get()).toMatchObject({ errcode: 0, access_token: token });
    await before.close();
    const after = await deploy('the-new-secret', 'the-new-secret');
    expect((await after.refresh()).results[0]).toMatchObject({ action: 'refreshed' });
    expect(after.isAlive(after.storedToken())).toBe(true);
    expect(after.storedToken()).not.toBe(token);
  });
});

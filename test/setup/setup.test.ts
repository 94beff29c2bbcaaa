/** `npm run setup` against WeChat's sandbox: what it asks, what it explains, what it writes, and where it refuses to. */

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { startWeChatSandbox, type WeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import type { Prompts } from '../../scripts/setup/prompts.ts';
import { setup, type SetupOptions } from '../../scripts/setup/setup.ts';

const APPID = 'wxsetup00000000001';
const SECRET = 'c0ffee0123456789abcdef0123456789';
const ANOTHER = 'decade0123456789abcdef0123456789';
const KEY = Buffer.alloc(32, 1).toString('base64');
const FLAGS = { env: 'env-1', appid: APPID, secret: SECRET };

const scratch = (): string => join(mkdtempSync(join(tmpdir(), 'setup-test-')), '.env.local');

async function sandbox(): Promise<WeChatSandbox> {
  const started = await startWeChatSandbox({
    clock: createCloudClock(),
    port: 0,
    secret: 'knobs',
    apps: [{ appid: APPID, secret: SECRET }],
  });
  onTestFinished(() => started.close());
  return started;
}

interface Run {
  isWritten: boolean;
  output: string;
  variables: Record<string, string>;
}

async function run(wechat: WeChatSandbox | null, options: Partial<SetupOptions> = {}): Promise<Run> {
  const file = options.file ?? scratch();
  const lines: string[] = [];
  const isWritten = await setup({
    flags: FLAGS,
    file,
    env: {},
    prompts: null,
    isChecked: wechat !== null,
    ...(wechat ? { baseUrl: wechat.url } : {}),
    tell: (_, line) => void lines.push(line),
    ...options,
  });
  const variables = existsSync(file) ? parse(readFileSync(file)) : {};
  return { isWritten, output: lines.join('\n'), variables };
}

/** Answers every question, and remembers them. */
function answering(answers: { secret?: string; confirms?: boolean }): Prompts & { asked: string[] } {
  const asked: string[] = [];
  const remember = <T>(message: string, answer: T): Promise<T> => {
    asked.push(message);
    return Promise.resolve(answer);
  };
  return {
    asked,
    text: (message, initial) =>
      remember(message, initial ?? (message.startsWith('AppID') ? APPID : 'env-asked')),
    secret: (message) => remember(message, answers.secret ?? ''),
    choose: (message, _, initial) => remember(message, initial),
    confirm: (message) => remember(message, answers.confirms ?? false),
  };
}

describe('setup: the file', () => {
  it('holds what was given and a new key, readable by its owner only', async () => {
    const file = scratch();
    const { isWritten, output, variables } = await run(await sandbox(), { file });
    expect(isWritten).toBe(true);
    expect(variables).toMatchObject({
      TCB_ENV_ID: 'env-1',
      WX_APPID: APPID,
      WX_APPSECRET: SECRET,
      WX_TOKEN_API: 'token',
    });
    expect(Buffer.from(variables['TOKEN_ENCRYPTION_KEYS']!, 'base64')).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(output).not.toContain(SECRET);
    expect(output).not.toContain(variables['TOKEN_ENCRYPTION_KEYS']);
    expect(output).toMatch(/WeChat accepts .*wrote .*next: npm run deploy/s);
  });

  it('keeps other lines, and makes a file that others could read its owner’s', async () => {
    const file = scratch();
    writeFileSync(file, '# mine\nALERT_WEBHOOK_URL=https://example.invalid\nWX_APPID=old\n', { mode: 0o644 });
    await run(await sandbox(), { file });
    expect(readFileSync(file, 'utf8')).toMatch(
      /^# mine\nALERT_WEBHOOK_URL=https:\/\/example\.invalid\nWX_APPID=wxsetup00000000001\n/,
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file))).toEqual(['.env.local']);
  });

  it('changes nothing when it is run again', async () => {
    const file = scratch();
    const wechat = await sandbox();
    await run(wechat, { file });
    const first = readFileSync(file, 'utf8');
    await run(wechat, { file, flags: {} });
    expect(readFileSync(file, 'utf8')).toBe(first);
  });

  it('switches tickets on and off with a flag, never asks for them, and says what deploy does then', async () => {
    const file = scratch();
    const wechat = await sandbox();
    const prompts = answering({ secret: SECRET });
    const without = await run(wechat, { file, flags: {}, prompts });
    expect(without.variables).not.toHaveProperty('WX_TICKETS');
    expect(prompts.asked.join()).not.toMatch(/ticket/i);
    const on = await run(wechat, { file, flags: { tickets: 'jsapi+wx_card' } });
    expect(on.variables).toMatchObject({ WX_APPID: APPID, WX_TICKETS: 'jsapi+wx_card' });
    expect(on.output).toMatch(
      /npm run deploy adds getTicket, which keeps jsapi\+wx_card: .*official account/,
    );
    const again = await run(wechat, { file, flags: {} });
    expect(again.variables).toMatchObject({ WX_TICKETS: 'jsapi+wx_card' });
    const off = await run(wechat, { file, flags: { tickets: 'none' } });
    expect(off.variables).not.toHaveProperty('WX_TICKETS');
    expect(off.output).toContain('npm run deploy takes getTicket away');
    expect({ ...off.variables, WX_TICKETS: 'jsapi+wx_card' }).toEqual(again.variables);
  });

  it('keeps the keys, puts a new one in front with rotate, and takes them out with off', async () => {
    const file = scratch();
    writeFileSync(file, `TOKEN_ENCRYPTION_KEYS=${KEY}\n`);
    expect((await run(null, { file })).variables).toMatchObject({ TOKEN_ENCRYPTION_KEYS: KEY });
    const rotated = await run(null, { file, flags: { ...FLAGS, encryption: 'rotate' } });
    const [first, second] = rotated.variables['TOKEN_ENCRYPTION_KEYS']!.split(',');
    expect([first === KEY, second]).toEqual([false, KEY]);
    expect((await run(null, { file, flags: { ...FLAGS, encryption: 'off' } })).variables).not.toHaveProperty(
      'TOKEN_ENCRYPTION_KEYS',
    );
  });

  it('refuses what can’t be an AppID before WeChat is asked, and only remarks on what is unusual', async () => {
    const file = scratch();
    const check = (): never => {
      throw new Error('WeChat was asked');
    };
    const refused = run(null, { file, check, isChecked: true, flags: { ...FLAGS, appid: 'wx012' } });
    await expect(refused).rejects.toThrow(/^nothing was written: WX_APPID: an AppID is 6 to 64 letters/);
    expect(existsSync(file)).toBe(false);
    const unusual = await run(null, { flags: { ...FLAGS, appid: 'gh_0123456789ab' } });
    expect(unusual).toMatchObject({ isWritten: true, variables: { WX_APPID: 'gh_0123456789ab' } });
    expect(unusual.output).toContain('gh_0123456789ab does not look like an AppID (wx and 16 characters)');
    expect((await run(null)).output).not.toContain('does not look like');
  });

  it('is refused where git would track it, and accepted where git ignores it', async () => {
    const file = scratch();
    const folder = dirname(file);
    execFileSync('git', ['init', '-q'], { cwd: folder });
    await expect(run(null, { file })).rejects.toThrow(/git would track .*add \.env\.local to \.gitignore/);
    expect(existsSync(file)).toBe(false);
    writeFileSync(join(folder, '.gitignore'), '.env.*\n');
    expect(await run(null, { file })).toMatchObject({ isWritten: true });
    execFileSync('git', ['add', '-f', '.env.local'], { cwd: folder });
    await expect(run(null, { file })).rejects.toThrow(/git rm --cached \.env\.local/);
  });

  it('is judged, and written, where a link leads', async () => {
    const file = scratch();
    const tracked = dirname(scratch());
    execFileSync('git', ['init', '-q'], { cwd: tracked });
    writeFileSync(join(tracked, 'secrets'), '');
    symlinkSync(join(tracked, 'secrets'), file);
    await expect(run(null, { file })).rejects.toThrow(/git would track/);
    writeFileSync(join(tracked, '.gitignore'), 'secrets\n');
    expect(await run(null, { file })).toMatchObject({ isWritten: true });
    expect(readFileSync(join(tracked, 'secrets'), 'utf8')).toContain(SECRET);
  });

  it('is not begun when WX_APPS would win over it', async () => {
    await expect(run(null, { env: { WX_APPS: '[]' } })).rejects.toThrow(/WX_APPS is set and wins/);
  });

  it('is not written when the functions would refuse a value', async () => {
    const file = scratch();
    const flags = { ...FLAGS, env: 'no spaces please', appid: 'wx 1' };
    await expect(run(null, { file, flags })).rejects.toThrow(
      /nothing was written: TCB_ENV_ID must be.*WX_APPID must be/,
    );
    await expect(run(null, { file, env: { WX_REFRESH_MINUTES: '1' } })).rejects.toThrow(/WX_REFRESH_MINUTES/);
    expect(existsSync(file)).toBe(false);
  });

  it('tells when the process environment overrules it', async () => {
    const { output } = await run(null, { env: { WX_APPID: 'wxother' } });
    expect(output).toMatch(/WX_APPID: the process environment says something else/);
  });
});

describe('setup: WeChat', () => {
  it('disturbs no token in use, in either mode', async () => {
    const wechat = await sandbox();
    const ask = async (path: string, init?: RequestInit): Promise<string> => {
      const reply = (await (await fetch(wechat.url + path, init)).json()) as { access_token: string };
      return reply.access_token;
    };
    const credentials = { appid: APPID, secret: SECRET, grant_type: 'client_credential' };
    const classic = await ask(`/cgi-bin/token?${new URLSearchParams(credentials).toString()}`);
    const stable = await ask('/cgi-bin/stable_token', { method: 'POST', body: JSON.stringify(credentials) });
    for (const mode of ['token', 'stable'] as const) await run(wechat, { flags: { ...FLAGS, mode } });
    const nowMs = Date.now();
    expect(wechat.wechat.useToken(classic, nowMs).errcode).toBe(0);
    expect(wechat.wechat.useToken(stable, nowMs).errcode).toBe(0);
    expect(wechat.wechat.mints(APPID)).toMatchObject({ legacy: 1, stable: 1 });
  });

  const refuse = (errcode: number, errmsg?: string) => (wechat: WeChatSandbox) =>
    wechat.faults.add({ fault: { do: 'refuse', errcode, errmsg }, times: 5 });

  it.each<[number, RegExp, (wechat: WeChatSandbox) => void]>([
    [
      40125,
      /AppSecret is not that of this AppID.*Copy it again/,
      (wechat) => wechat.wechat.account(APPID).setSecret(ANOTHER, Date.now()),
    ],
    [40001, /AppSecret is not that of this AppID/, refuse(40001)],
    [40013, /there is no such AppID/, refuse(40013)],
    [
      40164,
      /this machine's address 127\.0\.0\.1 is not on it\. Add 127\.0\.0\.1 at/,
      (wechat) => wechat.wechat.account(APPID).setWhitelist(['9.9.9.9']),
    ],
    [
      40243,
      /frozen\. Unfreeze it .*10 minutes/,
      (wechat) => wechat.wechat.account(APPID).freeze(Date.now(), 0),
    ],
    [
      89503,
      /administrator to confirm/,
      (wechat) => wechat.wechat.account(APPID).setRisk('127.0.0.1', 'confirm', Date.now()),
    ],
    [50007, /frozen: look for a notice/, refuse(50007)],
    [45009, /quota/, refuse(45009)],
  ])('explains %i in words, and writes nothing', async (errcode, words, make) => {
    const wechat = await sandbox();
    make(wechat);
    const { isWritten, output, variables } = await run(wechat);
    expect(isWritten).toBe(false);
    expect(variables).toEqual({});
    expect(output).toMatch(new RegExp(`WeChat answered ${errcode}: `));
    expect(output).toMatch(words);
    expect(output).toMatch(/nothing was written/);
    expect(output).not.toContain(SECRET);
  });

  it('says so when WeChat can’t be reached, and writes with --no-check', async () => {
    const unreached = await run(null, { isChecked: true, baseUrl: 'http://127.0.0.1:9' });
    expect(unreached).toMatchObject({ isWritten: false });
    expect(unreached.output).toMatch(/could not be reached.*--no-check/);
    expect(await run(null, { isChecked: false })).toMatchObject({ isWritten: true });
  });

  it('sends a secret to no address that isn’t https or this machine', async () => {
    await expect(run(null, { isChecked: true, baseUrl: 'http://example.com' })).rejects.toThrow(
      /https addresses/,
    );
  });
});

describe('setup: questions', () => {
  it('asks only for what nothing else tells', async () => {
    const prompts = answering({ secret: SECRET, confirms: true });
    const { isWritten, variables } = await run(await sandbox(), {
      flags: {},
      env: { TCB_ENV_ID: 'env-2' },
      prompts,
    });
    expect(isWritten).toBe(true);
    expect(prompts.asked.map((message) => message.split(' ')[0])).toEqual([
      'AppID',
      'AppSecret',
      'How',
      'Encrypt',
    ]);
    expect(variables).toMatchObject({ TCB_ENV_ID: 'env-2', WX_APPID: APPID, WX_APPSECRET: SECRET });
  });

  it('keeps the secret of the file when the answer is empty, but not that of another app', async () => {
    const file = scratch();
    writeFileSync(file, `WX_APPID=${APPID}\nWX_APPSECRET=${SECRET}\nTCB_ENV_ID=env-1\n`);
    const kept = await run(await sandbox(), { file, flags: {}, prompts: answering({}) });
    expect(kept).toMatchObject({ isWritten: true, variables: { WX_APPSECRET: SECRET } });
    await expect(run(null, { file, flags: { appid: 'wxother' } })).rejects.toThrow(
      /this is missing: the AppSecret/,
    );
  });

  it('asks whether to write all the same when WeChat could not decide, and never when it did', async () => {
    const wechat = await sandbox();
    wechat.wechat.account(APPID).setWhitelist(['9.9.9.9']);
    const yes = answering({ confirms: true });
    expect(await run(wechat, { prompts: yes })).toMatchObject({ isWritten: true });
    wechat.wechat.account(APPID).setWhitelist(undefined);
    wechat.wechat.account(APPID).setSecret(ANOTHER, Date.now());
    expect(await run(wechat, { prompts: yes })).toMatchObject({ isWritten: false });
  });

  it('names all that is missing when nobody can be asked', async () => {
    await expect(run(null, { flags: {} })).rejects.toThrow(
      /no terminal.*the environment id \(--env\); the AppID \(--appid\); the AppSecret \(.*--secret-file/,
    );
  });
});

describe('setup: the kind of the environment', () => {
  const info = {
    envId: 'env-1',
    status: 'NORMAL',
    namespace: 'env-1',
    databaseId: 'db',
    backend: 'scf',
    isPostgres: false,
  };

  it.each([
    ['is said', async () => info, /env-1: functions V1, document database/],
    ['is warned of', async () => ({ ...info, backend: 'cbf' }), /functions V2 \(cbf\).*WeChat DevTools/],
    [
      'may be out of reach',
      () => Promise.reject(new Error('no network')),
      /env-1 was not looked at: no network/,
    ],
  ])('%s, and the file is written', async (_what, readEnvironmentInfo, said) => {
    const { isWritten, output } = await run(await sandbox(), { readEnvironmentInfo });
    expect(isWritten).toBe(true);
    expect(output).toMatch(said);
  });

  it('is looked at with the keys of the file that was written, those of the process before them', async () => {
    const file = scratch();
    writeFileSync(file, 'TENCENTCLOUD_SECRETID=of-the-file\nTENCENTCLOUD_SECRETKEY=of-the-file\n', {
      mode: 0o600,
    });
    const seen: object[] = [];
    const readEnvironmentInfo: SetupOptions['readEnvironmentInfo'] = async (values) => {
      seen.push(values);
      return info;
    };
    const env = { TENCENTCLOUD_SECRETKEY: 'of-the-process', TCB_ENV_ID: 'another' };
    const { output } = await run(await sandbox(), { file, env, readEnvironmentInfo });
    expect(output).toContain('env-1: functions V1');
    expect(seen).toMatchObject([
      {
        TCB_ENV_ID: 'env-1',
        TENCENTCLOUD_SECRETID: 'of-the-file',
        TENCENTCLOUD_SECRETKEY: 'of-the-process',
      },
    ]);
  });

  it('is not looked at without a check, or without credentials', async () => {
    const never = () => Promise.reject(new Error('looked'));
    const unchecked = await run(null, { isChecked: false, readEnvironmentInfo: never });
    expect(unchecked.output).not.toContain('looked');
    const blind = await run(await sandbox(), { readEnvironmentInfo: async () => null });
    expect(blind.output).not.toMatch(/env-1:|looked/);
  });
});

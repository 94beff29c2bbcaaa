/** `npm start` as a user types it, and as the README shows it; the rounds that try a setting or a mistake share a process. */

import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readDoor } from '../../scripts/local/door/door-file.ts';
import { pages } from '../readme/pages.ts';
import { bearer, ROOT } from '../support/cloud.ts';
import { argumentsFor, type Run } from '../support/command.ts';
import { shareProcess } from '../support/shared-process.ts';

const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), 'start-test-'));

const share = shareProcess();
const start = (flags: string[], env: Record<string, string> = {}): Promise<Run> => share('start', flags, env);

/** A plain script with both SDKs, unmodified, that knows of the cloud what the file says. */
function runScript(envFile: string): Promise<string[]> {
  const script = `
    const tcb = require('@cloudbase/node-sdk');
    const cloud = require('wx-server-sdk');
    (async () => {
      const app = tcb.init({ env: process.env.TCB_ENV });
      const { result } = await app.callFunction({ name: 'getAccessToken', data: {} });
      cloud.init({ env: process.env.TCB_ENV });
      const { total } = await cloud.database().collection('wx_access_tokens').count();
      const other = await cloud.callFunction({ name: 'getAccessToken', data: {} });
      console.log([result.errcode, result.appid, total, other.result.errcode].join(' '));
    })();`;
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] };
    execFile(
      process.execPath,
      [`--env-file=${envFile}`, '-e', script],
      { cwd: ROOT, env },
      (error, stdout) => {
        if (error === null) resolve(stdout.trim().split('\n').at(-1)?.split(' ') ?? []);
        else reject(error);
      },
    );
  });
}

/** By npm: what a user types. */
function startByNpm(flags: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = { cwd: ROOT, env: { ...process.env, NO_COLOR: '1' } };
    execFile('npm', ['start', '--silent', '--', ...flags], child, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

describe('npm start -- --once', () => {
  let data = '';
  let first: Run;
  beforeAll(async () => {
    data = await scratch();
    first = await startByNpm(['--once', '--sandbox', '--data', data]);
  });

  it('does one round trip and exits 0, and a second start mints nothing', async () => {
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toMatch(
      /✓ .*refreshAccessToken: wxlocalsandbox0001 refreshed; life left 113 min, next refresh in 109 min/,
    );
    expect(first.output).toMatch(
      /✓ database: wx_access_tokens holds wxlocalsandbox0001: token 110_… \(142 characters\)/,
    );
    expect(first.output).toMatch(/✓ askWithNodeSdk: got the token .* WeChat accepted it/);
    expect(first.output).toMatch(/✓ client: .* 403/);
    expect(first.output).not.toMatch(/110_[\w-]{20}/);
    const second = await start(['--once', '--sandbox', '--data', data]);
    expect(second).toMatchObject({ code: 0 });
    expect(second.output).toMatch(/wxlocalsandbox0001 fresh/);
  });

  it.each([pages.english, pages.chinese])('prints what $path shows', ({ fences }) => {
    const bare = (text: string): string => text.replaceAll(/\d\d:\d\d:\d\d/g, 'hh:mm:ss');
    const transcript = fences.find(({ language }) => language === 'text')?.text ?? '';
    for (const part of bare(transcript).split('…\n')) expect(bare(first.output)).toContain(part);
  });
});

describe('npm start', () => {
  it('says what is missing before anything starts, when only half of the credentials are given', async () => {
    const { code, output } = await start(['--once', '--data', await scratch()], { WX_APPID: 'wxhalf' });
    expect(code).toBe(1);
    expect(output.trim()).toBe(
      '✗ WX_APPSECRET is missing: set that in the environment or in .env.local, or use the sandbox with npm start -- --sandbox',
    );
  });

  it('stays up, answers at the printed address, does the work of a command beside it, and ends cleanly on Ctrl-C', async () => {
    const data = await scratch();
    const envFile = join(await scratch(), 'cloud.env');
    const child = spawn(
      process.execPath,
      argumentsFor('start', [
        '--sandbox',
        '--port=0',
        `--data=${data}`,
        '--project=examples/miniprogram',
        '--inspect=login',
        `--env-file=${envFile}`,
      ]),
      {
        cwd: ROOT,
        detached: true,
      },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    const address = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /(http:\S+)\/as\/function\/getAccessToken/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const call = { method: 'POST', headers: bearer(readDoor(data)!.secret) };
    const response = await fetch(`${address}/as/function/getAccessToken`, call);
    expect(await response.json()).toMatchObject({ result: { errcode: 0, appid: 'wxlocalsandbox0001' } });
    // Whose WeChat knows the tokens: so it does the work of a command.
    const local = ['--local', '--sandbox', '--data', data];
    expect(await share('refresh', local)).toMatchObject({ code: 0 });
    const visit = await fetch(`${address}/as/client/askWithNodeSdk`, call);
    expect(await visit.json()).toMatchObject({ result: { errcode: 0 } });
    const { apps } = JSON.parse((await share('status', [...local, '--json'])).output) as {
      apps: { history: { reason: string; who: string }[] }[];
    };
    const [manual, earlier] = apps[0]!.history;
    // By the same warm instance: so it was in there.
    expect(manual).toMatchObject({ reason: 'manual', who: earlier!.who });
    // Every function of the example runs, with the packages that are there and the client that is not on npm.
    expect(output).not.toContain('not installed');
    for (const name of readdirSync(join(ROOT, 'examples/cloudfunctions')))
      expect(await (await fetch(`${address}/`, { headers: call.headers })).text()).toContain(
        `POST /call/${name}`,
      );
    const code = await fetch(`${address}/call/qrCode`, call);
    expect(await code.json()).toMatchObject({ result: { errcode: 0, contentType: 'image/jpeg' } });
    await vi.waitFor(
      () => expect(output).toMatch(/^qrCode \w{8} Report RequestId:\S+ Duration:\d+ms/m),
      15_000,
    );
    expect(output).toMatch(/^login Debugger listening on ws:\/\/127\.0\.0\.1:\d+/m);
    expect((await stat(envFile)).mode & 0o777).toBe(0o600);
    expect(await runScript(envFile)).toEqual(['0', 'wxlocalsandbox0001', '1', '0']);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    // As a terminal does it: the signal goes to the whole group, function instances included.
    process.kill(-child.pid!, 'SIGINT');
    expect(await ended).toBe(0);
    expect(existsSync(envFile)).toBe(false);
  });

  it('writes over no file of somebody else', async () => {
    const file = join(await scratch(), 'mine.env');
    await writeFile(file, 'MINE=1\n');
    const { code, output } = await start(['--sandbox', '--data', await scratch(), '--env-file', file]);
    expect(code).toBe(1);
    expect(output).toMatch(/✗ --env-file: \S+mine\.env is there already, and not from an earlier start/);
    expect(await readFile(file, 'utf8')).toBe('MINE=1\n');
  });

  it('says so in one sentence when the port is busy', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    const port = String((server.address() as AddressInfo).port);
    const { code, output } = await start(['--sandbox', '--port', port, '--data', await scratch()]);
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^✗ port ${port} is busy`));
    expect(output).not.toContain('built');
    expect(output).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });

  it('says so in one sentence when the database is damaged', async () => {
    const data = await scratch();
    await writeFile(join(data, 'data.mdb'), 'not a database');
    const { code, output } = await start(['--once', '--sandbox', '--data', data]);
    expect(code).toBe(1);
    expect(output).toMatch(/✗ The embedded database in .* can't be read/);
  });

  it('says so in one sentence when the data folder can’t be used', async () => {
    const file = join(await scratch(), 'a-file');
    await writeFile(file, '');
    await chmod(file, 0o600);
    const { code, output } = await start(['--once', '--sandbox', '--data', file]);
    expect(code).toBe(1);
    expect(output).toMatch(/✗ the data folder .* can't be used/);
  });

  it('refuses a flag that nobody defined, before anything starts', async () => {
    const { code, output } = await start(['--onec']);
    expect(code).toBe(1);
    expect(output.trim()).toBe(
      '✗ unknown flag --onec: did you mean --once? (npm start -- --help lists the flags)',
    );
  });

  it.each<[what: string, flags: string[], reason: RegExp]>([
    ['a folder that is not there', ['--functions', '/no/such'], /✗ \/no\/such: no such folder of functions/],
    ['a folder without functions', ['--functions', 'docs'], /✗ \S+docs holds no function/],
    ['an unknown function', ['--inspect', 'mine'], /✗ --inspect: none of your functions is named "mine"/],
  ])('refuses %s in one line, before anything starts', async (_what, flags, reason) => {
    const { code, output } = await start(['--once', '--sandbox', '--data', await scratch(), ...flags]);
    expect(code).toBe(1);
    expect(output).toMatch(reason);
    expect(output).not.toMatch(/built|\n\s+at .*:\d+:\d+/);
  });

  it('refuses a port that is none', async () => {
    const { code, output } = await start(['--port', 'eighty']);
    expect(code).toBe(1);
    expect(output).toMatch(/--port must be a number/);
  });

  it('keeps to the sandbox with --sandbox, for the configured app and whatever its secret, and says that the token is sealed when encryption keys are', async () => {
    const env = {
      WX_APPID: 'wxreal',
      WX_APPSECRET: 'real-secret',
      WX_API_BASE_URLS: 'http://127.0.0.1:9',
      TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
    };
    const { code, output } = await start(['--once', '--sandbox', '--data', await scratch()], env);
    expect(code).toBe(0);
    expect(output).toMatch(/wxreal refreshed/);
    expect(output).toMatch(/✓ database: wx_access_tokens holds wxreal: token sealed/);
    expect(output).not.toContain('real-secret');
  });

  it('talks to the real WeChat when credentials are set, says so, and exits 1 when it can’t reach it', async () => {
    // The address stands in for api.weixin.qq.com: nothing but loopback is contacted in a test.
    const env = { WX_APPID: 'wxreal', WX_APPSECRET: 'real-secret', WX_API_BASE_URLS: 'http://127.0.0.1:9' };
    const { code, output } = await start(['--once', '--data', await scratch()], env);
    expect(code).toBe(1);
    expect(output).toMatch(/WeChat: the real one/);
    expect(output).toMatch(/WeChat could not be reached \(ECONNREFUSED\)/);
    expect(output).not.toContain('real-secret');
  });
});

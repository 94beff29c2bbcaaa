/**
 * The four commands as a user types them, without a terminal: flags, exit codes, and no secret anywhere. What reads
 * standard input or looks at the surroundings has a process of its own, and one that looks at data.
 */

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dayOf } from '../../functions/_shared/token/backoff.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { openDatabase } from '../../scripts/local/database/open.ts';
import { startWeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { englishIn } from '../support/chinese.ts';
import { run as runAlone, type Run } from '../support/command.ts';
import { shareProcess } from '../support/shared-process.ts';
import { KEY } from './support.ts';

const run = shareProcess();

const SECRET = 'c0ffee0123456789abcdef0123456789';
const APPID = 'wxlocalsandbox0001';

/** Complete but for the AppID; whatever the outcome, nobody is asked and nothing can be written. */
const WRONG_SECRET = 'decade0123456789abcdef0123456789';
const SECRET_FILE = join(mkdtempSync(join(tmpdir(), 'commands-')), 'secret');
writeFileSync(SECRET_FILE, SECRET);
const NOWHERE =
  `--env e --secret-file ${SECRET_FILE} --base-url http://127.0.0.1:1 --file /tmp/nowhere/.env.local`.split(
    ' ',
  );

function storedToken(folder: string): string {
  const database = openDatabase({ folder, clock: createCloudClock() });
  const [document] = database.collection('wx_access_tokens').find({ query: { _id: APPID } });
  void database.close();
  return JSON.stringify(document?.['token']);
}

describe('the operator’s commands', () => {
  it('work on the data of npm start: status, refresh, doctor, as text and as JSON', async () => {
    const data = mkdtempSync(join(tmpdir(), 'commands-'));
    const local = ['--local', '--sandbox', '--data', data];
    const env = { TOKEN_ENCRYPTION_KEYS: KEY };
    expect(await run('start', ['--once', '--sandbox', '--data', data])).toMatchObject({ code: 0 });
    const before = storedToken(data);
    const outputs: Run[] = [
      await runAlone('status', local, env),
      await run('status', [...local, '--json'], env),
    ];
    const told = JSON.parse(outputs[1]!.output) as {
      atMs: number;
      apps: { token: { mintedAtMs: number } }[];
    };
    // The day of the quota may have turned in between.
    const count = dayOf(told.apps[0]!.token.mintedAtMs) === dayOf(told.atMs) ? 1 : 0;
    expect(told).toMatchObject({ apps: [{ appid: APPID, mintsToday: { count } }] });
    const leaked = await run('refresh', [...local, '--leaked'], env);
    expect(leaked).toMatchObject({ code: 0, output: expect.stringMatching(/✓ .*the leaked token is dead/) });
    expect(storedToken(data)).not.toBe(before);
    outputs.push(leaked, await run('doctor', local, env), await run('doctor', [...local, '--json'], env));
    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(JSON.parse(outputs[4]!.output)).toMatchObject({ exitCode: 0 });
    const inChinese = [...local, '--lang', 'zh'];
    const [add, revoke] = ['add billing --ticks', 'revoke billing'].map((line) => line.split(' '));
    outputs.push(await run('status', inChinese, env), await run('doctor', inChinese, env));
    outputs.push(await run('refresh', inChinese, env), await run('refresh', [...inChinese, '--leaked'], env));
    for (const words of [add!, ['list'], revoke!, ['list']])
      outputs.push(await run('server-key', [...words, ...inChinese], env));
    outputs.push(await run('destroy', ['--dry-run', '--local', '--data', data, '--lang', 'zh'], env));
    outputs.push(await run('reset', ['--sandbox', '--data', data, '--lang', 'zh'], env));
    for (const { code, output } of outputs.slice(5)) {
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(englishIn(output)).toEqual([]);
    }
    const all = outputs.map(({ output }) => output).join();
    expect(all).not.toContain(KEY);
    expect(all).not.toContain('local-sandbox-secret');
    expect(all).not.toMatch(/110_[\w-]{6}/);
  });

  it.each([
    ['status', ['--local', '--data', '/nonexistent-data'], 2, /no embedded cloud has run on/],
    ['refresh', ['--local', '--data', '/nonexistent-data'], 1, /no embedded cloud has run on/],
    ['doctor', ['--local', '--data', '/nonexistent-data'], 2, /\? data folder +no embedded cloud has run on/],
    ['status', [], 2, /TCB_ENV_ID has characters/],
    ['refresh', [], 1, /TCB_ENV_ID has characters/],
    ['doctor', [], 2, /\? credentials +TCB_ENV_ID has characters/],
    ['status', ['--watch', '--local'], 2, /--watch needs a terminal/],
    ['refresh', ['--leakd'], 1, /^✗ unknown flag --leakd: did you mean --leaked\?/],
    ['refresh', ['--local', '--leaked=maybe'], 1, /^✗ --leaked takes no value/],
    ['server-key', ['list', '--local=1'], 1, /^✗ --local takes no value/],
    ['setup', ['--no-check=yes'], 1, /^✗ --no-check takes no value/],
    ['setup', [...NOWHERE, '--appid', 'wx012'], 1, /WX_APPID: an AppID is 6 to 64/],
    ['setup', ['--file', '/tmp/nowhere/.env.local'], 1, /no terminal/],
  ])('%s %j ends with a sentence and the right exit code', async (command, flags, code, words) => {
    const ended = await run(command, flags);
    expect(ended.output).toMatch(words);
    expect(ended.code).toBe(code);
    expect(ended.output).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });

  it.each(['setup', 'status', 'refresh', 'doctor'])(
    '%s --help tells the flags and the exit codes',
    async (command) => {
      const { code, output } = await run(command, ['--help']);
      expect(code).toBe(0);
      expect(output).toMatch(/Exit codes: 0 /);
      expect(output).toMatch(/FLAGS/);
    },
  );

  it('set up from standard input, and take no secret in the command line, where every process sees it', async () => {
    const wechat = await startWeChatSandbox({
      clock: createCloudClock(),
      port: 0,
      secret: 'knobs',
      apps: [{ appid: APPID, secret: SECRET }],
    });
    onTestFinished(() => wechat.close());
    const file = join(mkdtempSync(join(tmpdir(), 'commands-')), '.env.local');
    const common = ['--env', 'env-1', '--appid', APPID, '--base-url', wechat.url, '--file', file];
    const piped = await runAlone('setup', [...common, '--secret-file', '-'], {}, `${SECRET}\n`);
    expect(piped).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toContain(`WX_APPSECRET=${SECRET}\n`);
    const visible = await run('setup', [...common, '--secret', SECRET]);
    expect(visible).toMatchObject({ code: 1 });
    expect(visible.output).toMatch(/unknown flag --secret: did you mean --secret-file\?/);
    const glued = await run('setup', [...common, `--secret=${SECRET}`]);
    expect(glued).toMatchObject({ code: 1 });
    const wrong = await runAlone('setup', [...common, '--secret-file', '-'], {}, `${WRONG_SECRET}\n`);
    expect(wrong).toMatchObject({ code: 1 });
    const empty = await runAlone('setup', [...common, '--secret-file', '-']);
    expect(empty).toMatchObject({ code: 1, output: expect.stringMatching(/no AppSecret in standard input/) });
    writeFileSync(`${file}.secret`, SECRET);
    expect(await run('setup', [...common, '--secret-file', `${file}.secret`])).toMatchObject({ code: 0 });
    const all = [piped, visible, glued, wrong, empty].map(({ output }) => output).join();
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain(WRONG_SECRET);
    const key = /TOKEN_ENCRYPTION_KEYS=(\S+)/.exec(readFileSync(file, 'utf8'))![1]!;
    expect(all).not.toContain(key);
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ['simulate', [], /^USAGE npm run simulate -- \[FLAGS\]$/m],
    ['setup', [], /^ +--no-check +don't ask WeChat whether /m],
    ['server-key', ['add'], /^USAGE npm run server-key -- add NAME \[FLAGS\]$/m],
  ])('%s %j --help has no colours and no padding in a pipe', async (command, flags, line) => {
    const colourful = { NO_COLOR: '', CI: '', TEST: '', TERM: 'xterm' };
    const { code, output } = await runAlone(command, [...flags, '--help'], colourful);
    expect(code).toBe(0);
    expect(output).toMatch(line);
    expect(output).not.toContain('\u001B');
    expect(output).not.toMatch(/ $/m);
    // The descriptions of other commands are sentences, which a terminal wraps.
    const options = output.slice(output.indexOf('FLAGS\n')).split('\n');
    expect(options.filter((one) => command === 'simulate' && one.length > 80)).toEqual([]);
  });
});

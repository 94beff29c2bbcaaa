/** What `npm run prove -- --with-wechat` asks before it asks WeChat, in the command itself and at a real terminal. */

import { execFileSync, spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { startWeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { MOST_MINTS } from '../../scripts/prove/ask-wechat.ts';
import { playTencent } from '../platform/fake/played.ts';
import { startCommand, type Start } from '../platform/fake/run.ts';

const APP = { appid: 'wxtestaccount', secret: '0123456789abcdef0123456789abcdef' };
const READS = /^(Describe|Get|List)/;

const fake = await playTencent();

/** `script` of util-linux gives a command a terminal. */
const hasScript = ((): boolean => {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
})();

async function openSandbox() {
  const sandbox = await startWeChatSandbox({
    clock: createCloudClock(),
    port: 0,
    secret: 'knobs',
    apps: [APP],
  });
  onTestFinished(() => sandbox.close());
  const variables = { WX_APPID: APP.appid, WX_APPSECRET: APP.secret, WX_API_BASE_URLS: sandbox.url };
  const mints = (): number => {
    const { legacy, stable } = sandbox.wechat.mints(APP.appid);
    return legacy + stable;
  };
  return { variables, mints };
}

it('without a terminal it asks WeChat for nothing, and changes nothing', async () => {
  const { variables, mints } = await openSandbox();
  const calls = fake.calls.length;
  const { code, output } = await startCommand(fake, 'prove', ['--with-wechat'], variables).done;
  expect(output).toContain('WeChat has not been asked: there is no terminal to ask at');
  expect(code).toBe(2);
  expect(mints()).toBe(0);
  expect(fake.calls.slice(calls).filter(({ action }) => !READS.test(action))).toEqual([]);
}, 180_000);

it.skipIf(!hasScript)(
  'at a terminal it asks for the AppID first (needs script of util-linux)',
  async () => {
    const { variables, mints } = await openSandbox();
    const type = async (answer: string): Promise<{ code: number | null; output: string }> => {
      const { child, done } = startCommand(
        fake,
        'prove',
        ['--with-wechat', '--no-wait'],
        variables,
        atTerminal,
      );
      onTestFinished(() => void child.kill('SIGKILL'));
      let output = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        const before = output;
        output += chunk.toString();
        const isAsked = (text: string): boolean => text.includes(`Type ${APP.appid} to go on: `);
        if (isAsked(output) && !isAsked(before)) child.stdin?.write(`${answer}\n`);
      });
      return done;
    };
    const other = await type('wxother');
    expect(other.output).toContain(`This fetches up to ${MOST_MINTS} tokens of ${APP.appid}`);
    expect(other).toMatchObject({ code: 2, output: expect.stringContaining(`that was not ${APP.appid}`) });
    expect(mints()).toBe(0);
    const asked = await type(APP.appid);
    expect(asked.output).toMatch(/wechat-refused/);
    expect(mints()).toBeGreaterThan(0);
    expect(mints()).toBeLessThanOrEqual(MOST_MINTS);
    expect(asked.output).not.toContain(APP.secret);
  },
  300_000,
);

/** The same command, started by `script`, which passes on what is written to it. */
const atTerminal: Start = (file, args, options) => {
  const line = [file, ...args].map((word) => `'${word}'`).join(' ');
  return spawn('script', ['-qec', line, '/dev/null'], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
};

/** What `npm run prove -- --with-wechat` asks before it asks WeChat, in the command itself. */

import { expect, it, onTestFinished } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { startWeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { playTencent } from '../platform/fake/played.ts';
import { startCommand } from '../platform/fake/run.ts';

const APP = { appid: 'wxtestaccount', secret: '0123456789abcdef0123456789abcdef' };
const READS = /^(Describe|Get|List)/;

const fake = await playTencent();

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

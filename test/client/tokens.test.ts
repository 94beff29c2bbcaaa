/** How long the client keeps a token, and what it says when there is none. */

import { expect, it } from 'vitest';
import { WeChatError, createWeChat } from '../../functions/getAccessToken/client.ts';
import { createHarness, errorOf, START_MS, tokenReply } from './harness.ts';

it.each([
  [6_000, 60_000],
  [60, 60_000],
  [10, 10_000],
  [0.5, 500],
])('keeps a token that is good for %d s for %d ms', async (lifeSeconds, keptMs) => {
  const harness = createHarness();
  harness.answerToken = () => tokenReply(`t${harness.asked.length}`, lifeSeconds);
  expect(await harness.wechat.accessToken()).toBe('t1');
  harness.nowMs += keptMs - 1;
  expect(await harness.wechat.accessToken()).toBe('t1');
  harness.nowMs += 1;
  expect(await harness.wechat.accessToken()).toBe('t2');
});

it('asks once for 200 at the same time, and once more for the next 200 after a minute', async () => {
  const harness = createHarness();
  for (const round of [1, 2]) {
    await Promise.all(Array.from({ length: 200 }, () => harness.wechat.accessToken()));
    expect(harness.asked).toHaveLength(round);
    harness.nowMs += 60_000;
  }
});

it('asks again after the clock has stepped back', async () => {
  const harness = createHarness();
  await harness.wechat.accessToken();
  harness.nowMs = START_MS - 1;
  await harness.wechat.accessToken();
  expect(harness.asked).toHaveLength(2);
});

it('counts the minute from before the question: a frozen instance gains nothing', async () => {
  const harness = createHarness();
  harness.answerToken = () => {
    harness.nowMs += 60_000;
    return tokenReply('t1');
  };
  await harness.wechat.accessToken();
  await harness.wechat.accessToken();
  expect(harness.asked).toHaveLength(2);
});

it('names the function and the app it was told', async () => {
  const called: unknown[] = [];
  const app = {
    async callFunction(options: unknown) {
      called.push(options);
      return { result: tokenReply('t1') };
    },
  };
  await createWeChat({ app, appid: 'wx2', functionName: 'ours' }).accessToken();
  await createWeChat({ app, appid: '' }).accessToken();
  expect(called).toEqual([
    { name: 'ours', data: { appid: 'wx2' } },
    { name: 'getAccessToken', data: {} },
  ]);
});

it.each([
  [
    { errcode: 403, errmsg: 'caller not allowed' },
    /^getAccessToken gave no access_token: 403 caller not allowed; call from/,
  ],
  [
    { errcode: 503, errmsg: 'no usable access_token just now', retry_after: 7 },
    /503 .*; try again after retry_after seconds/,
  ],
  [
    { errcode: 40164, errmsg: 'invalid ip 1.2.3.4', retry_after: 60 },
    /40164 invalid ip 1\.2\.3\.4; .*log of getAccessToken/,
  ],
  [
    { errcode: 500, errmsg: 'misconfigured: WX_APPID is missing' },
    /500 misconfigured: WX_APPID is missing; correct/,
  ],
])('a refusal %j is a WeChatError with the same numbers', async (reply, message) => {
  const harness = createHarness();
  harness.answerToken = () => reply;
  const error = await errorOf(harness.wechat.post('/wxa/msg_sec_check', {}));
  expect(error).toBeInstanceOf(WeChatError);
  expect(error).toMatchObject(reply);
  expect(error.message).toMatch(message);
  expect(harness.sent).toEqual([]);
});

it('a failure is not kept: the next call asks again', async () => {
  const harness = createHarness();
  harness.answerToken = () =>
    harness.asked.length === 1 ? { errcode: 503, errmsg: 'no' } : tokenReply('t1');
  await errorOf(harness.wechat.accessToken());
  expect(await harness.wechat.accessToken()).toBe('t1');
});

it.each([
  [undefined],
  [null],
  ['text'],
  [{}],
  [{ errcode: 0 }],
  [{ ...tokenReply(''), access_token: '' }],
  [{ ...tokenReply('t'), expires_in: '7200' }],
  [{ ...tokenReply('t'), expires_in: 0 }],
  [{ ...tokenReply('t'), expires_in: Number.NaN }],
])('the unreadable answer %j is no token', async (reply) => {
  const harness = createHarness();
  harness.answerToken = () => reply;
  expect(await errorOf(harness.wechat.accessToken())).toMatchObject({ errcode: 502, name: 'WeChatError' });
});

it.each([[new Error('FUNCTION_NOT_FOUND')], [{ errCode: -501000, errMsg: 'FUNCTION_NOT_FOUND' }]])(
  'a call that fails with %j is a WeChatError that says where to look',
  async (thrown) => {
    const harness = createHarness();
    harness.answerToken = () => {
      throw thrown;
    };
    const error = await errorOf(harness.wechat.accessToken());
    expect(error).toMatchObject({ errcode: 502 });
    expect(error.message).toMatch(
      /^callFunction\(getAccessToken\) failed: 502 FUNCTION_NOT_FOUND; .*npm run deploy/,
    );
  },
);

it.each([
  [undefined, /app must be/],
  [{}, /app must be/],
  [{ app: {} }, /app must be/],
  [{ app: { callFunction() {} }, baseUrl: 'http://api.weixin.qq.com' }, /https/],
  [{ app: { callFunction() {} }, baseUrl: 'https://a:b@api.weixin.qq.com' }, /https/],
  [{ app: { callFunction() {} }, baseUrl: 'https://api.weixin.qq.com?x=1' }, /https/],
  [{ app: { callFunction() {} }, baseUrl: 'api.weixin.qq.com' }, /https/],
])('refuses the options %j at once', (options, message) => {
  expect(() => createWeChat(options as never)).toThrow(message);
});

/** jsConfig: what it asks getTicket, what a page gets of the answer, and what is said where there is none. */

import { describe, expect, it } from 'vitest';
import { createWeChat } from '../../functions/getAccessToken/client.ts';
import type { WeChatOptions } from '../../functions/getAccessToken/client.ts';

const URL = 'https://example.com/a?x=%E4%B8%AD';
const SIGNED = {
  appId: 'wxOfficial',
  timestamp: 1795320000,
  nonceStr: 'nonce0123456789a',
  signature: 'feeb1e828212b1663d06f978dd05a797e51e6fda',
  url: URL,
};

function answering(result: unknown, options: Partial<WeChatOptions> = {}) {
  const asked: object[] = [];
  const callFunction = async (call: object) => {
    asked.push(call);
    return { result };
  };
  return { wechat: createWeChat({ app: { callFunction }, ...options }), asked };
}

describe('jsConfig', () => {
  it('gets from getTicket what wx.config needs, and nothing else', async () => {
    const { wechat, asked } = answering({ errcode: 0, errmsg: 'ok', ...SIGNED, more: 1 });
    expect(await wechat.jsConfig(URL)).toEqual(SIGNED);
    expect(asked).toEqual([{ name: 'getTicket', data: { url: URL } }]);
  });

  it.each([
    ['the client’s AppID', { appid: 'wxMini' }, undefined, 'wxMini'],
    ['that of the official account', { appid: 'wxMini' }, { appid: 'wxOfficial' }, 'wxOfficial'],
    ['the client’s where the other is undefined', { appid: 'wxMini' }, { appid: undefined }, 'wxMini'],
  ])('asks with %s', async (_, options, given, appid) => {
    const { wechat, asked } = answering({ errcode: 0, ...SIGNED }, options);
    await wechat.jsConfig(URL, given);
    expect(asked).toEqual([{ name: 'getTicket', data: { url: URL, appid } }]);
  });

  it.each([
    ['shop-getAccessToken', 'shop-getTicket'],
    ['my-token', 'getTicket'],
  ])('where the token comes from %s it asks %s', async (functionName, name) => {
    const { wechat, asked } = answering({ errcode: 0, ...SIGNED }, { functionName });
    await wechat.jsConfig(URL);
    expect(asked).toMatchObject([{ name }]);
  });

  it.each([
    [{ errcode: 48001, errmsg: 'api unauthorized' }, 48001, /getTicket gave no signature: 48001/],
    [
      { errcode: 500, errmsg: 'misconfigured: WX_TICKETS is missing' },
      500,
      /correct getTicket's configuration/,
    ],
    [
      { errcode: 400, errmsg: 'url is longer than 2048 characters' },
      400,
      /url is longer.*pass location\.href.*errmsg names the wrong one/,
    ],
    [{ errcode: 503, errmsg: 'no usable ticket', retry_after: 7 }, 503, /after retry_after seconds/],
    [{ errcode: 0, access_token: 't' }, 502, /getTicket gave no signature.*an unreadable answer/],
    [{}, 502, /an unreadable answer/],
    [null, 502, /an unreadable answer/],
  ])('says why there is none: %j', async (reply, errcode, text) => {
    const { wechat } = answering(reply);
    await expect(wechat.jsConfig(URL)).rejects.toMatchObject({
      name: 'WeChatError',
      origin: 'getAccessToken',
      errcode,
      message: expect.stringMatching(text) as string,
    });
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    [1, undefined],
    [URL, 'wxOfficial'],
    [URL, { appid: 1 }],
    [URL, { type: 'wx_card' }],
  ])('is a TypeError before anything is asked: %j, %j', async (url, options) => {
    const { wechat, asked } = answering({ errcode: 0, ...SIGNED });
    const call = wechat.jsConfig as (...given: unknown[]) => Promise<unknown>;
    await expect(call(url, options)).rejects.toThrow(/^jsConfig\(url, \{ appid \}\): url must be/);
    expect(asked).toEqual([]);
  });
});

/** What callers of getAccessToken may send, and the shape of what they get. */

import { describe, expect, it } from 'vitest';
import { readRequest, toReply } from '../../functions/getAccessToken/contract.ts';

const nothing = { appid: null, reported: null };

describe('an event', () => {
  it.each([undefined, null, '', {}])('of %j asks for the one app that there is', (event) => {
    expect(readRequest(event)).toEqual(nothing);
  });

  it.each([undefined, null, ''])('whose fields are %j is one without them', (value) => {
    expect(readRequest({ appid: value, invalid_access_token: value })).toEqual(nothing);
  });

  it('names an app and a refused token', () => {
    expect(readRequest({ appid: 'wxA', invalid_access_token: '110_a' })).toEqual({
      appid: 'wxA',
      reported: '110_a',
    });
  });

  it('may have more in it: the platform adds userInfo, and the future something else', () => {
    const event = { userInfo: { appId: 'wxX', openId: 'o' }, tcbContext: {}, force: true, APPID: 'wxB' };
    expect(readRequest(event)).toEqual(nothing);
  });

  it.each([
    ['a text', 'wxA'],
    ['JSON in a text', '{"appid":"wxA"}'],
    ['a number', 7],
    ['zero', 0],
    ['false', false],
    ['a list', [{ appid: 'wxA' }]],
    ['a function', () => ({})],
  ])('that is %s is malformed', (_what, event) => {
    expect(readRequest(event)).toEqual({
      errcode: 400,
      errmsg: 'malformed event: the event must be an object, { appid?, invalid_access_token? }',
    });
  });

  it.each([7, 0, true, false, ['wxA'], { $ne: null }])(
    'with %j for a text is malformed, and says where',
    (value) => {
      for (const name of ['appid', 'invalid_access_token']) {
        expect(readRequest({ [name]: value })).toEqual({
          errcode: 400,
          errmsg: `malformed event: ${name} must be a string`,
        });
      }
    },
  );

  it('has texts of bounded length, and is not quoted when they are longer', () => {
    const longest = { appid: 'a'.repeat(128), invalid_access_token: 't'.repeat(2_048) };
    expect(readRequest(longest)).toEqual({
      appid: longest.appid,
      reported: longest.invalid_access_token,
    });
    expect(readRequest({ appid: 'a'.repeat(129) })).toEqual({
      errcode: 400,
      errmsg: 'malformed event: appid must be at most 128 characters long',
    });
    expect(readRequest({ invalid_access_token: 't'.repeat(2_049) })).toEqual({
      errcode: 400,
      errmsg: 'malformed event: invalid_access_token must be at most 2048 characters long',
    });
  });

  it('says nothing by its prototype', () => {
    expect(readRequest(Object.create({ appid: 'wxA', invalid_access_token: 't' }))).toEqual(nothing);
    expect(readRequest(JSON.parse('{"__proto__":{"appid":"wxA"}}'))).toEqual(nothing);
  });
});

describe('a reply', () => {
  it("has WeChat's own fields, in whole seconds that promise nothing more than there is", () => {
    const answer = { ok: true, token: '110_a', leftMs: 6_899_999, endsAtMs: 1_795_356_931_999 } as const;
    expect(toReply('wxA', answer)).toEqual({
      errcode: 0,
      errmsg: 'ok',
      appid: 'wxA',
      access_token: '110_a',
      expires_in: 6_899,
      expires_at: 1_795_356_931,
    });
  });

  it('of a failure has the reason, no token, and a time that is not too early to come again', () => {
    const answer = { ok: false, errcode: 45011, errmsg: 'slower', retryAfterMs: 59_001 } as const;
    expect(toReply('wxA', answer)).toEqual({ errcode: 45011, errmsg: 'slower', retry_after: 60 });
    expect(toReply('wxA', { ...answer, retryAfterMs: 0 })).toMatchObject({ retry_after: 0 });
  });
});

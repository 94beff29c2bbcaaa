/** Every code that the token endpoints are known to answer has an owner who acts, and advice for them. */

import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../functions/_shared/wechat/errcodes.ts';

const KNOWN = {
  transient: [-1, 45011],
  quota: [45009],
  configuration: [
    40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 43002, 50004, 50007, 61004, 89501, 89503, 89506,
    89507,
  ],
};
const codesWithOwner = Object.entries(KNOWN).flatMap(([owner, codes]) =>
  codes.map((errcode) => ({ errcode, owner })),
);

describe('a code of the token endpoints', () => {
  it.each(codesWithOwner)('$errcode is the business of: $owner', ({ errcode, owner }) => {
    const meaning = meaningOf(errcode);
    expect(meaning.owner).toBe(owner);
    expect(meaning.advice).not.toBe(meaningOf(99_999).advice);
    // It stands in brackets behind WeChat's text, on one line.
    expect(meaning.advice).toMatch(/^[^\n]{20,250}$/);
  });

  it.each([
    [40001, 'WX_APPSECRET'],
    [40125, 'WX_APPSECRET'],
    [41004, 'WX_APPSECRET'],
    [40013, 'WX_APPID'],
    [41002, 'WX_APPID'],
    [40164, 'whitelist'],
    [61004, 'whitelist'],
    [40243, 'unfreeze'],
    [45009, 'clear_quota'],
    [89503, 'administrator'],
  ])('%i tells where the cure is: %s', (errcode, word) => {
    expect(meaningOf(errcode).advice).toContain(word);
  });

  it('is not asked about again before the time that WeChat itself names', () => {
    const waits = codesWithOwner.flatMap(({ errcode }) => {
      const { retryAfterMs } = meaningOf(errcode);
      return retryAfterMs === undefined ? [] : [[errcode, retryAfterMs]];
    });
    expect(waits).toEqual([
      [45011, 60_000],
      [89507, 3_600_000],
    ]);
  });

  it('that nobody has heard of waits for a person, and tells them where to look', () => {
    expect(meaningOf(61024)).toEqual(meaningOf(99_999));
    expect(meaningOf(99_999)).toMatchObject({
      owner: 'configuration',
      advice: expect.stringContaining('https://developers.weixin.qq.com/'),
    });
  });
});

/** What is made of a body from the token endpoints, whatever it is. */

import { describe, expect, it } from 'vitest';
import { readReply } from '../../functions/_shared/wechat/reply.ts';

const HOURS_2_MS = 7_200_000;
const MINUTES_10_MS = 600_000;

describe('a token', () => {
  it.each([
    ['the usual answer', { expires_in: 7200 }, HOURS_2_MS],
    ['an explicit errcode of 0', { expires_in: 7200, errcode: 0, errmsg: 'ok' }, HOURS_2_MS],
    ['fields that are new', { expires_in: 345, scope: 'x' }, 345_000],
    ['a fraction of a second', { expires_in: 1.2345 }, 1_234],
    ['digits in a string', { expires_in: '7200' }, HOURS_2_MS],
    ['more than WeChat has ever granted', { expires_in: 7_200_000 }, HOURS_2_MS],
    ['more than a number can hold once in milliseconds', { expires_in: 1e308 }, HOURS_2_MS],
    ['no life at all', {}, MINUTES_10_MS],
    ['a life of null', { expires_in: null }, MINUTES_10_MS],
    ['a life in words', { expires_in: 'two hours' }, MINUTES_10_MS],
    ['a life of digits and more', { expires_in: '7200.5' }, MINUTES_10_MS],
    ['a life that is an object', { expires_in: { seconds: 7200 } }, MINUTES_10_MS],
  ])('with %s is read', (_what, fields, lifeMs) => {
    const body = JSON.stringify({ access_token: '110_abc-_', ...fields });
    expect(readReply(200, body)).toEqual({ kind: 'token', value: '110_abc-_', lifeMs });
  });

  it.each([[{}], [{ expires_in: null }], [{ expires_in: 7_200_000 }]])(
    'from stable_token with the unreadable life %j counts for the 300 s that an older one has left at least',
    (fields) => {
      const body = JSON.stringify({ access_token: '110_abc-_', ...fields });
      expect(readReply(200, body, 'stable')).toMatchObject({ kind: 'token', lifeMs: 300_000 });
    },
  );

  it('as long as WeChat may make it is read, and one that would fill the document is not', () => {
    const value = 'x'.repeat(2_048);
    const answer = (token: string): string => JSON.stringify({ access_token: token, expires_in: 7200 });
    expect(readReply(200, answer(value))).toMatchObject({ kind: 'token', value });
    expect(readReply(200, answer(`${value}x`))).toMatchObject({ kind: 'unreadable' });
  });
});

describe('an error', () => {
  it.each([
    ['{"errcode":-1,"errmsg":"system error"}', -1],
    ['{"errcode":40164}', 40164],
    // An error is an error, whatever else stands in the answer.
    ['{"errcode":45009,"errmsg":"reach max","access_token":"110_a","expires_in":7200}', 45009],
  ])('is read from %s', (body, errcode) => {
    const errmsg = (JSON.parse(body) as { errmsg?: string }).errmsg ?? '';
    expect(readReply(200, body)).toEqual({ kind: 'error', errcode, errmsg, rid: null });
  });

  it.each([
    ['invalid appsecret rid: 6242d22c-1a2b3c4d-28c3c5a7', '6242d22c-1a2b3c4d-28c3c5a7'],
    ['invalid appsecret, rid: 6242d22c-1a2b3c4d-28c3c5a7 ', '6242d22c-1a2b3c4d-28c3c5a7'],
    ['invalid appsecret hint: [M5_jKa0125vr22]', null],
    ['rid: 6242d22c-1a2b3c4d-28c3c5a7 stands in the middle', null],
    ['rid: 6242d22c-1a2b3c4d', null],
  ])('names its rid where WeChat gives one: %s', (errmsg, rid) => {
    const body = JSON.stringify({ errcode: 40125, errmsg });
    expect(readReply(200, body)).toEqual({ kind: 'error', errcode: 40125, errmsg, rid });
  });

  it('with a 4xx status is WeChat speaking all the same', () => {
    expect(readReply(403, '{"errcode":40164,"errmsg":"x"}')).toMatchObject({ kind: 'error', errcode: 40164 });
  });
});

describe('an answer of which nobody can tell whether WeChat minted', () => {
  it.each([
    ['a 5xx with a token', 502, '{"access_token":"110_a","expires_in":7200}'],
    ['a 5xx with an error', 500, '{"errcode":40125,"errmsg":"x"}'],
    ['a redirect', 302, ''],
    ['a 412 without words', 412, ''],
    ['an empty body', 200, ''],
    ['an HTML page', 200, '<html>welcome to the Wi-Fi</html>'],
    ['half of JSON', 200, '{"access_token":"110_a","expi'],
    ['JSON null', 200, 'null'],
    ['a JSON string', 200, '"110_a"'],
    ['a JSON list', 200, '[{"access_token":"110_a","expires_in":7200}]'],
    ['an empty object', 200, '{}'],
    ['an empty token', 200, '{"access_token":"","expires_in":7200}'],
    ['a token of null', 200, '{"access_token":null,"expires_in":7200}'],
    ['a token that is a number', 200, '{"access_token":110,"expires_in":7200}'],
    ['a token with a space in it', 200, '{"access_token":"110 a","expires_in":7200}'],
    ['a token with a line break behind it', 200, '{"access_token":"110_a\\n","expires_in":7200}'],
    ['a token that is over', 200, '{"access_token":"110_a","expires_in":0}'],
    ['a token that was over a while ago', 200, '{"access_token":"110_a","expires_in":-5}'],
    ['a life of "0"', 200, '{"access_token":"110_a","expires_in":"0"}'],
    ['an errcode of 0 and nothing else', 200, '{"errcode":0,"errmsg":"ok"}'],
    ['an errcode that is no number', 200, '{"errcode":"40125","errmsg":"x"}'],
    ['a fraction of an errcode', 200, '{"errcode":40125.5,"errmsg":"x"}'],
  ])('is %s', (_what, status, body) => {
    const reply = readReply(status, body);
    expect(reply.kind).toBe('unreadable');
    expect(JSON.stringify(reply)).not.toContain('110');
  });

  it('says what it was, and quotes none of it', () => {
    const what = (body: string): unknown => readReply(200, body);
    expect(what('  ')).toMatchObject({ what: 'HTTP 200 with an empty body' });
    expect(what(' <!doctype html>')).toMatchObject({ what: 'HTTP 200 with an HTML page' });
    expect(what('oops')).toMatchObject({ what: 'HTTP 200 with a body that is no JSON' });
    expect(what('{"a":1}')).toMatchObject({ what: expect.stringContaining('neither') });
  });
});

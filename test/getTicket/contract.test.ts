/** What getTicket takes for an event, and what it says of one that is malformed: always by the field's name. */

import { describe, expect, it } from 'vitest';
import { readRequest } from '../../functions/getTicket/contract.ts';

const asked = { appid: null, type: 'jsapi', url: null, reported: null };
const PAGE = 'https://example.com/';

/** An address of exactly this length. */
const long = (length: number): string => PAGE.padEnd(length, 'a');

describe('an event', () => {
  it.each([
    ['nothing at all', undefined, asked],
    ['an empty one', {}, asked],
    ['empty fields', { appid: '', type: null, url: '', invalid_ticket: null }, asked],
    ['what the platform adds', { userInfo: { openId: 'o' }, tcbContext: {} }, asked],
    [
      'each field',
      { appid: 'wx1', type: 'wx_card', invalid_ticket: 't' },
      { appid: 'wx1', type: 'wx_card', url: null, reported: 't' },
    ],
    [
      'a page and a report of its ticket',
      { url: PAGE, invalid_ticket: 't' },
      { ...asked, url: PAGE, reported: 't' },
    ],
  ])('is read: %s', (_, event, request) => {
    expect(readRequest(event)).toEqual(request);
  });

  it.each([
    ['plain http', 'http://example.com/a'],
    ['a port, a user, an IP', 'https://user:pass@127.0.0.1:8443/'],
    ['percent-encoded Chinese', 'https://example.com/%E4%B8%AD?q=%e4%b8%ad&p=%20+'],
    ['a host in punycode', 'https://xn--fsq.com/'],
    ['what new URL() would write otherwise', 'https://EXAMPLE.com:443/a/../b?q="<>`|{}'],
    ['no slash after the host', 'http://mp.weixin.qq.com?params=value'],
    ['2048 characters', long(2_048)],
  ])('has a url that is signed as it is: %s', (_, url) => {
    expect(readRequest({ url })).toEqual({ ...asked, url });
  });

  it.each([
    ['a route', `${PAGE}#/route?a=1#b`, PAGE],
    ['a long one', `${PAGE}#${'a'.repeat(2_048)}`, PAGE],
    ['nothing behind it', `${PAGE}#`, PAGE],
    ['spaces and Chinese', `${PAGE}?a#中 文`, `${PAGE}?a`],
  ])('has a fragment cut off its url: %s', (_, url, cut) => {
    expect(readRequest({ url })).toEqual({ ...asked, url: cut });
  });

  it.each([
    ['2049 characters', long(2_049), 'url must be at most 2048 characters long'],
    [
      'a backslash',
      'https://a.com\\@b.com/',
      'url must be as location.href has it, percent-encoded and without spaces: do not decode it',
    ],
    ['more than anybody reads', `${PAGE}#${'a'.repeat(8_192)}`, 'url must be at most 8192 characters long'],
    ['no address', 'example.com/a', 'url must begin with http:// or https://'],
    ['a path', '/a', 'url must begin with http:// or https://'],
    ['another scheme', 'javascript:alert(1)', 'url must begin with http:// or https://'],
    ['a file', 'file:///etc/passwd', 'url must begin with http:// or https://'],
    [
      'a scheme in capitals, which no page has',
      'HTTP://example.com/',
      'url must begin with http:// or https://',
    ],
    ['one in front of which is a space', ` ${PAGE}`, 'url must begin with http:// or https://'],
    ['a fragment alone', '#/route', 'url must begin with http:// or https://'],
    ['no host', 'https://', 'url must be the address of a page'],
    ['a port that is none', 'https://example.com:99999/', 'url must be the address of a page'],
    [
      'decoded Chinese',
      `${PAGE}中`,
      'url must be as location.href has it, percent-encoded and without spaces: do not decode it',
    ],
    [
      'a host that is not in punycode',
      'https://中.com/',
      'url must be as location.href has it, percent-encoded and without spaces: do not decode it',
    ],
    [
      'a space',
      `${PAGE}a b`,
      'url must be as location.href has it, percent-encoded and without spaces: do not decode it',
    ],
    [
      'a line break',
      `${PAGE}a\nb`,
      'url must be as location.href has it, percent-encoded and without spaces: do not decode it',
    ],
    [
      'a NUL',
      `${PAGE}\u0000`,
      'url must be as location.href has it, percent-encoded and without spaces: do not decode it',
    ],
    ['a list', [PAGE], 'url must be a string'],
    ['a number', 1, 'url must be a string'],
    ['false', false, 'url must be a string'],
    ['an object', { href: PAGE }, 'url must be a string'],
  ])('is refused for its url: %s', (_, url, errmsg) => {
    expect(readRequest({ url })).toEqual({ errcode: 400, errmsg: `malformed event: ${errmsg}` });
  });

  it.each([
    ['type', 'sdk', 'type must be jsapi or wx_card'],
    ['type', '2', 'type must be jsapi or wx_card'],
    ['type', 'JSAPI', 'type must be jsapi or wx_card'],
    ['type', 'jsapi ', 'type must be jsapi or wx_card'],
    ['type', 'jsapi+wx_card', 'type must be jsapi or wx_card'],
    ['type', 'constructor', 'type must be jsapi or wx_card'],
    ['type', 'x'.repeat(33), 'type must be at most 32 characters long'],
    ['type', 2, 'type must be a string'],
    ['type', ['jsapi'], 'type must be a string'],
    ['type', true, 'type must be a string'],
    ['appid', 1, 'appid must be a string'],
    ['appid', 'x'.repeat(129), 'appid must be at most 128 characters long'],
    ['invalid_ticket', {}, 'invalid_ticket must be a string'],
    ['invalid_ticket', 'x'.repeat(2_049), 'invalid_ticket must be at most 2048 characters long'],
  ])('is refused by its field: %s %j', (field, value, errmsg) => {
    expect(readRequest({ [field]: value })).toEqual({ errcode: 400, errmsg: `malformed event: ${errmsg}` });
  });

  it('is refused when a page is to be signed with a card ticket', () => {
    expect(readRequest({ url: PAGE, type: 'wx_card' })).toEqual({
      errcode: 400,
      errmsg: 'malformed event: url is signed with a jsapi ticket: leave type out',
    });
  });

  it.each([['text'], [1], [true], [[]], [[{ url: PAGE }]]])(
    'is refused when it is no object: %j',
    (event) => {
      expect(readRequest(event)).toEqual({
        errcode: 400,
        errmsg: 'malformed event: the event must be an object, { appid?, type?, url?, invalid_ticket? }',
      });
    },
  );

  it('has own fields only: what a prototype brings, nobody sent', () => {
    expect(readRequest(Object.create({ url: PAGE, type: 'sdk' }))).toEqual(asked);
  });
});

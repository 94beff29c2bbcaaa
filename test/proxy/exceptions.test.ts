/** Which hosts are reached without the proxy. */

import { describe, expect, it } from 'vitest';
import { goesDirect } from '../../scripts/proxy/exceptions.ts';
import { readProxy } from '../../scripts/proxy/read.ts';

const WECHAT = { host: 'api.weixin.qq.com', port: 443 };

describe('this machine', () => {
  it.each([
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
  ])('is never reached through a proxy: %s', (host) => expect(goesDirect({ host, port: 80 }, '')).toBe(true));

  it.each(['api.weixin.qq.com', 'localhost.example.com', 'notlocalhost', '128.0.0.1', '10.0.0.1', '::2', ''])(
    'is not %s',
    (host) => expect(goesDirect({ host, port: 80 }, '')).toBe(false),
  );
});

describe('no_proxy', () => {
  it.each([
    '*',
    'api.weixin.qq.com',
    'API.Weixin.QQ.com',
    'weixin.qq.com',
    '.qq.com',
    '*.qq.com',
    'qq.com.',
    'qq.com:443',
    'other.example, qq.com',
    'other.example qq.com',
    ',,qq.com,',
  ])('leaves WeChat out of it: %s', (list) => expect(goesDirect(WECHAT, list)).toBe(true));

  it.each([
    '',
    ' ',
    ',',
    '.',
    'q.com',
    'in.qq.com',
    'xapi.weixin.qq.com',
    'qq.com:80',
    'qq',
    '127.0.0.1',
    '0.0.0.0/0',
    'weixin',
  ])('doesn’t: %j', (list) => expect(goesDirect(WECHAT, list)).toBe(false));

  it.each([
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '11.0.0.0/8', false],
    ['10.1.2.3', '2.3', false],
    ['10.1.2.3', '10.0.0.0/99', false],
    ['10.1.2.3', '10.0.0.0/x', false],
    ['fd00::1', 'fd00::/8', true],
    ['[fd00::1]', '[fd00:0::1]', true],
    ['[fd00::1]', '[fd00::1]:80', true],
    ['[fd00::1]', '[fd00::1]:81', false],
  ])('knows addresses: %s with %s', (host, list, expected) => {
    expect(goesDirect({ host, port: 80 }, list)).toBe(expected);
  });

  it('is read in lower and in upper case, as the proxy is', () => {
    expect(readProxy({ HTTPS_PROXY: 'p:1', NO_PROXY: 'a' })).toEqual({ url: 'http://p:1', exceptions: 'a' });
    expect(readProxy({ https_proxy: 'p:1', no_proxy: 'b', NO_PROXY: 'a' })?.exceptions).toBe('b');
    expect(readProxy({ https_proxy: '', HTTP_PROXY: '', no_proxy: 'b' })).toBeUndefined();
  });
});

/** The environment variables: defaults, bounds, and what is said when they are wrong. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import type { Config } from '../../functions/_shared/runtime/config.ts';

const REQUIRED = { WX_APPID: 'wxAPP', WX_APPSECRET: 'canary-secret' };
const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

function configOf(env: Record<string, string | undefined>): Config {
  const result = readConfig({ ...REQUIRED, ...env });
  if (!result.ok) throw new Error(result.problems.join('; '));
  return result.config;
}

function problemsOf(env: Record<string, string | undefined>): string[] {
  const result = readConfig(env);
  return result.ok ? [] : result.problems;
}

const problemsWith = (env: Record<string, string>): string[] => problemsOf({ ...REQUIRED, ...env });

describe('the configuration', () => {
  it('needs an AppID and a secret, and has a default for all else', () => {
    expect(configOf({})).toMatchObject({
      apps: [{ appid: 'wxAPP', api: 'token' }],
      refreshAfterMs: 110 * 60_000,
      baseUrls: ['https://api.weixin.qq.com', 'https://api2.weixin.qq.com'],
      mintLimitPerDay: 500,
      trustedSources: [],
    });
    expect(configOf({}).apps[0]?.secret).toBe('canary-secret');
    expect(configOf({}).encryptionKeys).toEqual([]);
  });

  it('takes an empty or blank variable for an unset one', () => {
    const names = ['WX_APPS', 'WX_TOKEN_API', 'WX_REFRESH_MINUTES', 'WX_API_BASE_URLS', 'MINT_LIMIT_PER_DAY'];
    for (const blank of ['', ' \t']) {
      const env = [...names, 'TRUSTED_SOURCES', 'TOKEN_ENCRYPTION_KEYS'].map((name) => [name, blank]);
      expect(configOf(Object.fromEntries(env) as Record<string, string>)).toEqual(configOf({}));
    }
    expect(problemsOf({ WX_APPID: '', WX_APPSECRET: ' ' })).toEqual([
      'WX_APPID is missing',
      'WX_APPSECRET is missing',
    ]);
  });

  it('forgives blanks around a value, which a copied one often has', () => {
    const env = { WX_APPID: ' wxAPP\n', WX_APPSECRET: '\tcanary-secret ', WX_REFRESH_MINUTES: ' 60 ' };
    expect(configOf(env)).toMatchObject({ apps: [{ appid: 'wxAPP' }], refreshAfterMs: 3_600_000 });
    expect(configOf(env).apps[0]?.secret).toBe('canary-secret');
  });

  it.each([
    ['WX_REFRESH_MINUTES', '5', { refreshAfterMs: 300_000 }],
    ['WX_REFRESH_MINUTES', '115', { refreshAfterMs: 6_900_000 }],
    ['MINT_LIMIT_PER_DAY', '1', { mintLimitPerDay: 1 }],
    ['MINT_LIMIT_PER_DAY', '100000', { mintLimitPerDay: 100_000 }],
    ['WX_TOKEN_API', 'stable', { apps: [{ api: 'stable' }] }],
    ['TICKS', '', { ticks: 'timer' }],
    ['TICKS', 'timer', { ticks: 'timer' }],
    ['TICKS', ' outside\n', { ticks: 'outside' }],
    ['TICKS', 'readers', { ticks: 'readers' }],
    ['TRUSTED_SOURCES', ' ,unknown ;; wx_a,wx_b;', { trustedSources: [',unknown', 'wx_a,wx_b'] }],
    [
      'WX_API_BASE_URLS',
      'https://a.cn/, https://b.cn/wx//',
      { baseUrls: ['https://a.cn', 'https://b.cn/wx'] },
    ],
    ['WX_API_BASE_URLS', 'HTTPS://A.cn:443', { baseUrls: ['https://a.cn'] }],
    ['WX_API_BASE_URLS', 'https://a.cn?', { baseUrls: ['https://a.cn'] }],
    ['WX_API_BASE_URLS', 'http://127.0.0.1:8080', { baseUrls: ['http://127.0.0.1:8080'] }],
    [
      'WX_API_BASE_URLS',
      'http://localhost,http://[::1]:1',
      { baseUrls: ['http://localhost', 'http://[::1]:1'] },
    ],
  ])('reads %s=%s', (name, value, expected) => {
    expect(configOf({ [name]: value })).toMatchObject(expected);
  });

  it.each([
    ['WX_REFRESH_MINUTES', ['4', '116', '0', '-110', '110.5', '1e2', '0x6e', 'NaN', '110m']],
    ['MINT_LIMIT_PER_DAY', ['0', '100001', '-1', '1.5', 'many', '9999999999']],
    ['WX_TOKEN_API', ['Token', 'both', 'stable_token']],
    ['TICKS', ['Timer', 'reader', 'outside,timer', 'none', 'toString']],
    ['WX_APPID', ['wx APP', '微信', 'x'.repeat(129), 'a\u0000']],
    ['WX_APPSECRET', ['se cret', '密', 'x'.repeat(129)]],
    [
      'WX_API_BASE_URLS',
      [
        'http://api.weixin.qq.com',
        'http://127.0.0.1.evil.cn',
        'http://localhost.evil.cn',
        'https://user:pass@a.cn',
        'https://a.cn/?to=b',
        'https://a.cn/#b',
        'ftp://a.cn',
        'api.weixin.qq.com',
        'https://a.cn,,https://b.cn',
        Array.from({ length: 11 }, (_, index) => `https://h${index}.cn`).join(),
      ],
    ],
    ['TOKEN_ENCRYPTION_KEYS', ['short', key(1).slice(1), `${key(1)},`, `${key(1)};${key(2)}`]],
  ])('refuses %s out of its bounds, and names nothing else', (name, values) => {
    for (const value of values) {
      const problems = problemsWith({ [name]: value });
      expect({ value, problems }).toEqual({
        value,
        problems: [expect.stringMatching(new RegExp(`^${name} must be `))],
      });
    }
  });

  it('tells all problems at once, each by its name, and no value', () => {
    const canaries = {
      WX_APPID: 'canary 1',
      WX_APPSECRET: 'canary 2',
      WX_TOKEN_API: 'canary3',
      WX_REFRESH_MINUTES: 'canary4',
      WX_API_BASE_URLS: 'canary5',
      MINT_LIMIT_PER_DAY: 'canary6',
      TOKEN_ENCRYPTION_KEYS: 'canary7',
      TICKS: 'canary8',
    };
    const problems = problemsOf(canaries);
    expect(problems).toHaveLength(8);
    expect(new Set(problems.map((problem) => problem.split(' ')[0]))).toEqual(new Set(Object.keys(canaries)));
    expect(problems.join()).not.toContain('canary');
  });

  it('shows no secret and no key when it is inspected or written as JSON', () => {
    const config = configOf({ TOKEN_ENCRYPTION_KEYS: `${key(7)},${key(8)}` });
    expect(config.encryptionKeys.map((bytes) => bytes[0])).toEqual([7, 8]);
    const shown = inspect(config, { depth: Infinity }) + JSON.stringify(config);
    for (const secret of ['canary-secret', key(7), '07 07']) expect(shown).not.toContain(secret);
  });
});

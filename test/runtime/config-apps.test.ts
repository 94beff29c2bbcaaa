/** Which apps are configured: one by two variables, or several by WX_APPS. */

import { describe, expect, it } from 'vitest';
import { readConfig } from '../../functions/_shared/runtime/config.ts';
import type { AppConfig } from '../../functions/_shared/runtime/apps.ts';

function appsOf(env: Record<string, string>): readonly AppConfig[] {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.problems.join('; '));
  return result.config.apps;
}

function problemsOf(apps: unknown): string[] {
  const result = readConfig({ WX_APPS: typeof apps === 'string' ? apps : JSON.stringify(apps) });
  return result.ok ? [] : result.problems;
}

const fingerprintOf = (env: Record<string, string>): string | undefined =>
  appsOf({ WX_APPID: 'wxA', WX_APPSECRET: 's1', ...env })[0]?.fingerprint;

describe('WX_APPS', () => {
  const list = [
    { appid: 'wxA', secret: 's1' },
    { appid: 'wxB', secret: 's2', api: 'stable' },
  ];

  it('configures several apps in its order, each with its own endpoint or the common one', () => {
    const apps = (env = {}): unknown[] =>
      appsOf({ WX_APPS: JSON.stringify(list), ...env }).map(({ appid, secret, api }) => [appid, secret, api]);
    expect(apps()).toEqual([
      ['wxA', 's1', 'token'],
      ['wxB', 's2', 'stable'],
    ]);
    expect(apps({ WX_TOKEN_API: 'stable' })[0]).toEqual(['wxA', 's1', 'stable']);
  });

  it('wins over WX_APPID and WX_APPSECRET, which may be left over, even malformed', () => {
    const env = { WX_APPS: JSON.stringify(list), WX_APPID: 'old one', WX_APPSECRET: '' };
    expect(appsOf(env).map(({ appid }) => appid)).toEqual(['wxA', 'wxB']);
  });

  it('holds up to 40 apps, as many as one tick refreshes in its time', () => {
    const many = (count: number): object[] =>
      Array.from({ length: count }, (_, index) => ({ appid: `wx${index}`, secret: 's' }));
    expect(appsOf({ WX_APPS: JSON.stringify(many(40)) })).toHaveLength(40);
    expect(problemsOf(many(41))).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['no JSON', 'wxA:canary-1'],
    ['an object', { appid: 'wxA', secret: 'canary-1' }],
    ['empty', []],
    ['a list of texts', ['canary-1']],
    ['without a secret', [{ appid: 'wxA' }]],
    ['with an empty secret', [{ appid: 'wxA', secret: '' }]],
    ['with a secret that is a number', [{ appid: 'wxA', secret: 12_345 }]],
    ['with a blank in a secret', [{ appid: 'wxA', secret: 'canary 1' }]],
    ['with an endpoint that does not exist', [{ appid: 'wxA', secret: 'canary-1', api: 'canary-2' }]],
    ['with a key that is misspelled', [{ appid: 'wxA', secret: 'canary-1', appsecret: 'canary-2' }]],
    ['with null in it', [null, { appid: 'wxA', secret: 'canary-1' }]],
  ])('that is %s is refused as a whole, and not quoted', (_what, apps) => {
    expect(problemsOf(apps)).toEqual([expect.stringMatching(/^WX_APPS must be a JSON array/)]);
    expect(problemsOf(apps).join()).not.toContain('canary');
  });

  it('that names an app twice is refused: two secrets would take turns', () => {
    expect(problemsOf([list[0], { appid: 'wxA', secret: 's9' }])).toEqual(['WX_APPS names an appid twice']);
  });
});

describe('the fingerprint', () => {
  it('changes with the AppID, the secret, the endpoint and the hosts', () => {
    const changes = [
      {},
      { WX_APPID: 'wxB' },
      { WX_APPSECRET: 's2' },
      { WX_TOKEN_API: 'stable' },
      { WX_API_BASE_URLS: 'https://a.cn' },
    ];
    expect(new Set(changes.map(fingerprintOf)).size).toBe(changes.length);
  });

  it('stays the same where nothing changes that WeChat could judge', () => {
    expect(fingerprintOf({ WX_REFRESH_MINUTES: '60', MINT_LIMIT_PER_DAY: '9' })).toBe(fingerprintOf({}));
    expect(appsOf({ WX_APPS: '[{"appid":"wxA","secret":"s1"}]' })[0]?.fingerprint).toBe(fingerprintOf({}));
    expect(fingerprintOf({})).toMatch(/^[0-9a-f]{16}$/);
  });
});

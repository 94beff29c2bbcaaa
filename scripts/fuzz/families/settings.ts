/** Environment variables: reading never throws, and no message contains their values. */

import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { readConfig } from '../../../functions/_shared/runtime/config.ts';
import { must, pure } from '../family.ts';
import { longText, text } from '../values.ts';

/** Part of every malformed value and of every secret; no rule's text contains it. */
const CANARY = 'cAnArY';
const SECRET = 'sEcReT';

const odd = fc.tuple(fc.oneof(text, longText), text).map(([a, b]) => `${a}${CANARY}${b}`);
const oddJson = fc.jsonValue().map((value) => JSON.stringify([value, CANARY]));
const among = (...valid: string[]) => fc.oneof({ weight: 2, arbitrary: fc.constantFrom('', ...valid) }, odd);

const appJson = fc.oneof(
  fc.array(
    fc.record({
      appid: fc.oneof(fc.constantFrom('wxA', '__proto__', 'constructor'), text),
      secret: fc.constantFrom(SECRET, ''),
    }),
    { maxLength: 3 },
  ),
  fc.jsonValue(),
);
const key = fc
  .uint8Array({ minLength: 31, maxLength: 33 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));

const environment = fc.record(
  {
    WX_APPID: among('wxAPP', '__proto__'),
    WX_APPSECRET: fc.oneof(
      fc.constant(SECRET),
      odd.map((value) => value + SECRET),
    ),
    WX_APPS: fc.oneof(
      fc.constant(''),
      appJson.map((value) => JSON.stringify(value)),
      oddJson,
      odd,
    ),
    WX_TOKEN_API: among('token', 'stable'),
    WX_REFRESH_MINUTES: among('5', '110', '115', '4', '1e2', '0x10', '１１０'),
    WX_API_BASE_URLS: among(
      'https://a.example',
      'http://127.0.0.1:9,https://b.example/',
      'http://127.0.0.1.evil.example',
      'http://localhost@evil.example',
      'https://a.example/\r\nHost: evil',
      'https:\\\\a.example',
      'file:///etc/passwd',
      'http://[::1]',
    ),
    TOKEN_ENCRYPTION_KEYS: fc.oneof(
      fc.array(key, { maxLength: 3 }).map((keys) => keys.join(',')),
      odd,
    ),
    ALERT_WEBHOOK_URL: among(
      'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=sEcReT',
      'http://a.example/?key=sEcReT',
      'https://user:sEcReT@a.example',
    ),
    MINT_LIMIT_PER_DAY: among('1', '500', '-1', '100001'),
    TRUSTED_SOURCES: fc.oneof(text, longText),
  },
  { requiredKeys: [] },
);

export const settings = pure(
  'settings',
  10,
  fc.asyncProperty(environment, async (env) => {
    const result = readConfig(env);
    const told = inspect(result, { depth: 9 }) + JSON.stringify(result);
    must(!told.includes(SECRET), 'a secret is told');
    if (!result.ok) {
      must(result.problems.length > 0 && result.problems.length < 12, 'no problem is named');
      must(!result.problems.join().includes(CANARY), 'a problem quotes a value');
      return;
    }
    const { apps, baseUrls, encryptionKeys } = result.config;
    must(apps.length > 0 && new Set(apps.map(({ appid }) => appid)).size === apps.length, 'apps are lost');
    for (const url of baseUrls)
      must(
        /^(https:\/\/|http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$))[^\s@]*$/.test(url),
        `the secret would go to ${url}`,
      );
    for (const bytes of encryptionKeys)
      must(!told.includes(bytes.toString('base64')) && !told.includes(inspect(bytes)), 'a key is told');
  }),
);

/** Where values come from, whose account it is, and what is masked. */

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findCredentials, loginFile } from '../../scripts/platform/credentials.ts';
import { createRedactor } from '../../scripts/platform/redact.ts';
import { readPlatformSettings } from '../../scripts/platform/settings.ts';
import { withCliHome } from '../../scripts/platform/cli-home.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'settings-'));

describe('the settings', () => {
  it('come from the process environment, then from .env.local; an empty variable is an unset one', () => {
    const root = folder();
    writeFileSync(join(root, '.env.local'), 'TCB_ENV_ID=from-file\nWX_APPID=wxfile\nWX_APPSECRET="a b"\n');
    const { envId, values, region } = readPlatformSettings(root, { TCB_ENV_ID: 'from-env', WX_APPID: ' ' });
    expect(envId).toBe('from-env');
    expect(region).toBe('ap-shanghai');
    expect(values).toEqual({ TCB_ENV_ID: 'from-env', WX_APPID: 'wxfile', WX_APPSECRET: 'a b' });
  });

  it('name what is missing or can’t be an environment id', () => {
    expect(() => readPlatformSettings(folder(), {})).toThrow(/TCB_ENV_ID is missing: set it/);
    expect(() => readPlatformSettings(folder(), { TCB_ENV_ID: 'a b' })).toThrow(/no environment id has/);
  });

  it.each(['evil.example/x?', 'ap-shanghai.evil.example', 'ap-shanghai/..', 'AP-Shanghai', 'ap-', '@'])(
    'refuse %j, which would lead signed requests to another host',
    (region) => {
      const root = folder();
      writeFileSync(join(root, 'cloudbaserc.json'), JSON.stringify({ envId: 'env-1', region }));
      expect(() => readPlatformSettings(root, {})).toThrow(/TCB_REGION has characters that no region has/);
    },
  );

  it('take a region as the project writes it, short or whole', () => {
    const root = folder();
    const regionOf = (region: string): string => {
      writeFileSync(join(root, 'cloudbaserc.json'), JSON.stringify({ envId: 'env-1', region }));
      return readPlatformSettings(root, {}).region;
    };
    expect([regionOf('gz'), regionOf('ap-beijing'), regionOf('na-siliconvalley')]).toEqual([
      'ap-guangzhou',
      'ap-beijing',
      'na-siliconvalley',
    ]);
  });

  it('take the proxy that the CLI would take, and show no value when they are printed', () => {
    const env = {
      TCB_ENV_ID: 'env',
      https_proxy: 'http://two',
      http_proxy: 'http://one',
      WX_APPSECRET: 'hidden!',
    };
    const settings = readPlatformSettings(folder(), env);
    expect(settings.proxy).toBe('http://one');
    expect(inspect(settings) + JSON.stringify({ ...settings })).not.toContain('hidden!');
  });
});

describe('the credentials', () => {
  const home = (credential: object): string => {
    const root = folder();
    mkdirSync(join(root, '.config', '.cloudbase'), { recursive: true });
    writeFileSync(loginFile(root), JSON.stringify({ credential }));
    return root;
  };

  it('are the keys of the variables, and of the login where there are none', () => {
    const keys = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' };
    const login = home({ secretId: 'login-id', secretKey: 'login-key' });
    const { kind, credentials } = findCredentials(keys, login);
    expect([kind, credentials.secretId, credentials.secretKey]).toEqual(['keys', 'id', 'key']);
    expect(findCredentials({}, login)).toMatchObject({ kind: 'login', expiresAtMs: undefined });
    expect(inspect(findCredentials({}, login))).not.toContain('login-key');
  });

  it('of a login in the browser are temporary', () => {
    const source = findCredentials(
      {},
      home({ tmpSecretId: 'id', tmpSecretKey: 'key', tmpToken: 'token', tmpExpired: 1_900_000_000_000 }),
    );
    expect(source).toMatchObject({ kind: 'login', expiresAtMs: 1_900_000_000_000 });
    expect(source.credentials.token).toBe('token');
  });

  it('of a login by API key, as CLI 3 writes it, are read and left alone', async () => {
    const written = {
      secretId: 'id',
      secretKey: 'key',
      token: 'token',
      accessTokenExpired: 1_900_000_000_000,
    };
    const root = home({ ...written, authSource: 'api_key', apiKey: 'canary-key', envId: 'env' });
    const source = findCredentials({}, root);
    expect(source).toMatchObject({ kind: 'login', expiresAtMs: 1_900_000_000_000, isOfCli2: false });
    const settings = readPlatformSettings(folder(), { TCB_ENV_ID: 'env' });
    const used = await withCliHome(settings, source, async (own) => readFileSync(loginFile(own), 'utf8'));
    expect(JSON.parse(used)).toEqual({ credential: { secretId: 'id', secretKey: 'key', token: 'token' } });
  });

  it('of a login in a form that is not known are told from none', () => {
    expect(() => findCredentials({}, home({ session: 'opaque' }))).toThrow(
      /auth\.json is of a form that is not known here: it may be a newer CLI's; set TENCENTCLOUD_SECRETID/,
    );
  });

  it('are asked for in one line where there are none, or half of them', () => {
    expect(() => findCredentials({}, folder())).toThrow(/no credentials.*npx tcb login/);
    expect(() => findCredentials({}, home({}))).toThrow(/no credentials.*npx tcb login/);
    expect(() => findCredentials({ TENCENTCLOUD_SECRETID: 'id' }, folder())).toThrow(
      /TENCENTCLOUD_SECRETKEY is missing/,
    );
  });
});

describe('redaction', () => {
  it('masks secrets as they are, in JSON, and in JSON within JSON', () => {
    const secret = 'se"cr\\et$0001';
    const apps = JSON.stringify([{ appid: 'wxa', secret: 'of-a-list-0002' }]);
    const redact = createRedactor({
      WX_APPSECRET: secret,
      WX_APPS: apps,
      TOKEN_ENCRYPTION_KEYS: 'keyone,keytwo',
    });
    const once = JSON.stringify({ secret });
    const text = [secret, once, JSON.stringify(once), apps, 'keyone', 'keytwo', 'wxa'].join(' ');
    const masked = redact(text);
    expect(masked).not.toMatch(/0001|0002|keyone|keytwo/);
    expect(masked).toContain('wxa');
  });
});

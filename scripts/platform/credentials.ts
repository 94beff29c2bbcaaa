/** Whose account it is: keys from the environment, or the login that the `tcb` CLI keeps in the home folder. */

import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pick } from '../command/language.ts';
import { conceal } from '../../functions/_shared/runtime/conceal.ts';
import { PlatformError } from './errors.ts';
import type { Values } from './settings.ts';

/** As @cloudbase/manager-node takes them; the secret half is hidden from `inspect`, JSON and spreads. */
export interface Credentials {
  secretId: string;
  secretKey: string;
  token?: string;
}

export type CredentialSource =
  | { kind: 'keys'; credentials: Credentials }
  /** `expiresAtMs`: when the CLI has to renew them; undefined: never. `isOfCli2`: the pinned CLI can. */
  | { kind: 'login'; credentials: Credentials; expiresAtMs: number | undefined; isOfCli2: boolean };

const CURE = {
  en: 'set TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY (https://console.cloud.tencent.com/cam/capi), or run npx tcb login',
  zh: '请设置 TENCENTCLOUD_SECRETID 和 TENCENTCLOUD_SECRETKEY（https://console.cloud.tencent.com/cam/capi），或者执行 npx tcb login',
};

/** Where the CLI keeps its login, in plain text. */
export function loginFile(home: string = homedir()): string {
  return join(home, '.config', '.cloudbase', 'auth.json');
}

/** Throws one readable line when there are none. */
export function findCredentials(values: Values, home?: string): CredentialSource {
  const { TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey } = values as Partial<Values>;
  if (secretId !== undefined && secretKey !== undefined) {
    return { kind: 'keys', credentials: hidden(secretId, secretKey, values['TENCENTCLOUD_SESSIONTOKEN']) };
  }
  if (secretId !== undefined || secretKey !== undefined) {
    const missing = secretId === undefined ? 'TENCENTCLOUD_SECRETID' : 'TENCENTCLOUD_SECRETKEY';
    throw new PlatformError(
      pick({ en: `${missing} is missing beside its other half`, zh: `两个变量须同时设置，还缺 ${missing}` }),
      {
        code: 'NO_CREDENTIALS',
        cure: pick(CURE),
      },
    );
  }
  const login = readLogin(loginFile(home));
  if (login === undefined) {
    throw new PlatformError(
      pick({ en: 'there are no credentials for Tencent Cloud', zh: '没有腾讯云的访问凭证' }),
      {
        code: 'NO_CREDENTIALS',
        cure: pick(CURE),
      },
    );
  }
  return login;
}

/** CLI 2 and CLI 3 keep it in the same file; 3 also knows a login by API key, which it marks with `authSource`. */
function readLogin(file: string): CredentialSource | undefined {
  if (!existsSync(file)) return undefined;
  const stored = parsed(readFileSync(file, 'utf8'));
  if (Object.keys(stored).length === 0) return undefined;
  // The CLI has two spellings: keys of the user, and temporary ones of a login in the browser.
  const secretId = text(stored['secretId']) ?? text(stored['tmpSecretId']);
  const secretKey = text(stored['secretKey']) ?? text(stored['tmpSecretKey']);
  if (secretId === undefined || secretKey === undefined) {
    throw new PlatformError(
      pick({
        en: `the login in ${file} is of a form that is not known here`,
        zh: `${file} 里的登录信息格式无法识别`,
      }),
      {
        code: 'NO_CREDENTIALS',
        cure: pick({
          en: `it may be a newer CLI's; ${pick(CURE)}`,
          zh: `可能来自更新版本的 CLI；${pick(CURE)}`,
        }),
      },
    );
  }
  const expires = Number(stored['accessTokenExpired'] ?? stored['tmpExpired']);
  return {
    kind: 'login',
    credentials: hidden(secretId, secretKey, text(stored['token']) ?? text(stored['tmpToken'])),
    expiresAtMs: expires > 0 ? expires : undefined,
    isOfCli2: text(stored['authSource']) === undefined,
  };
}

/** Readable by name only: `inspect`, JSON and a spread don't show them. */
function hidden(secretId: string, secretKey: string, token: string | undefined): Credentials {
  const credentials: Credentials = { secretId, secretKey, ...(token === undefined ? {} : { token }) };
  return conceal(credentials, 'secretKey', ...(token === undefined ? [] : (['token'] as const)));
}

function parsed(json: string): Record<string, unknown> {
  try {
    const { credential } = JSON.parse(json) as { credential?: Record<string, unknown> };
    return credential ?? {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The apps among the variables: one by WX_APPID and WX_APPSECRET, or several by WX_APPS. */

import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../json.ts';
import type { TokenApi } from '../token/record.ts';
import { conceal } from './conceal.ts';

export interface AppConfig {
  appid: string;
  secret: string;
  api: TokenApi;
  /** Distinguishes a changed configuration from the one that WeChat refused, without showing the secret. */
  fingerprint: string;
}

export const tokenApi = z.enum(['token', 'stable']);
const text = z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/));

/** What one tick refreshes within its time limit, even when WeChat is slow, and what 4 KB of variables hold. */
const MOST_APPS = 40;

const appList = z
  .array(z.strictObject({ appid: text, secret: text, api: z.optional(tokenApi) }))
  .check(z.minLength(1), z.maxLength(MOST_APPS));

type Credentials = { appid: string; secret: string; api?: TokenApi | undefined };
type Get = (name: string) => string | undefined;
type Check = <T>(name: string, rule: string, value: T | undefined) => T | undefined;

/** Undefined where something is wrong with them, which `check` was told. */
export function readApps(get: Get, check: Check): Credentials[] | undefined {
  const list = get('WX_APPS');
  // Where both are set, the list wins: WX_APPID and WX_APPSECRET are usually left over from the days of one app.
  if (list === undefined) return readSingleApp(get, check);
  const apps = check(
    'WX_APPS',
    'must be a JSON array [{"appid","secret","api"?}] with api token or stable and no other keys, 40 apps at most',
    appList.safeParse(parseJson(list)).data,
  );
  const isClear = apps === undefined || new Set(apps.map(({ appid }) => appid)).size === apps.length;
  return check('WX_APPS', 'names an appid twice', isClear || undefined) && apps;
}

function readSingleApp(get: Get, check: Check): Credentials[] | undefined {
  const read = (name: string): string | undefined => {
    const isMissing = get(name) === undefined;
    const rule = isMissing ? 'is missing' : 'must be 1 to 128 printable characters without spaces';
    return check(name, rule, text.safeParse(get(name)).data);
  };
  const [appid, secret] = [read('WX_APPID'), read('WX_APPSECRET')];
  return appid === undefined || secret === undefined ? undefined : [{ appid, secret }];
}

/** `otherwise`: the endpoint of an app that names none. */
export function toApp(credentials: Credentials, otherwise: TokenApi, baseUrls: readonly string[]): AppConfig {
  const { appid, secret, api = otherwise } = credentials;
  const parts = [appid, secret, api, baseUrls.join()];
  const fingerprint = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return conceal({ appid, secret, api, fingerprint }, 'secret');
}

/** The environment variables, read once; every problem is reported at once, by name and never by value. */

import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { TokenApi } from '../token/record.ts';
import { readBaseUrls, readWebhookUrl } from './addresses.ts';
import { conceal } from './conceal.ts';
import { parseJson } from '../json.ts';
import { readTickets } from '../ticket/settings.ts';
import type { TicketConfig } from '../ticket/settings.ts';

export interface AppConfig {
  appid: string;
  secret: string;
  api: TokenApi;
  /** Distinguishes a changed configuration from the one that WeChat refused, without showing the secret. */
  fingerprint: string;
}

/** Where ticks are meant to come from; `readers`: from nowhere, callers alone keep the tokens alive. */
export type TickSource = (typeof TICK_SOURCES)[number];

const TICK_SOURCES = ['timer', 'outside', 'readers'] as const;

export interface Config {
  apps: readonly AppConfig[];
  refreshAfterMs: number;
  baseUrls: readonly string[];
  mintLimitPerDay: number;
  trustedSources: readonly string[];
  /** The first seals stored tokens, all open them; none: tokens are stored in clear. */
  encryptionKeys: readonly Buffer[];
  /** None where WX_TICKETS is malformed: that must not keep anybody from a token. */
  tickets: readonly TicketConfig[];
  /** Null: nobody is alerted. */
  alertWebhookUrl: string | null;
  ticks: TickSource;
  /** What is wrong and stops no token; each begins with its variable. */
  warnings: readonly string[];
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

const DEFAULT_BASE_URLS = 'https://api.weixin.qq.com,https://api2.weixin.qq.com';
const MINUTE_MS = 60_000;

const text = z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/));
const api = z.enum(['token', 'stable']);
/** What one tick refreshes within its time limit, even when WeChat is slow, and what 4 KB of variables hold. */
const MOST_APPS = 40;

const appList = z
  .array(z.strictObject({ appid: text, secret: text, api: z.optional(api) }))
  .check(z.minLength(1), z.maxLength(MOST_APPS));

const NO_ALERTS =
  'ALERT_WEBHOOK_URL must be one https address (http only on loopback) of at most 1000 characters: nobody is alerted until it is';

type Env = Record<string, string | undefined>;

/** An empty variable is an unset one: the `tcb` CLI deploys "" for a variable that is missing. */
export function readConfig(env: Env): ConfigResult {
  const problems: string[] = [];
  const get = (name: string): string | undefined => env[name]?.trim() || undefined;
  const check = <T>(name: string, rule: string, value: T | undefined): T | undefined => {
    if (value === undefined) problems.push(`${name} ${rule}`);
    return value;
  };
  const whole = (name: string, usual: string, least: number, most: number): number | undefined => {
    const rule = `must be a whole number from ${least} to ${most}`;
    return check(name, rule, readWhole(get(name) ?? usual, least, most));
  };
  const tokenApi = check(
    'WX_TOKEN_API',
    'must be token or stable',
    api.safeParse(get('WX_TOKEN_API') ?? 'token').data,
  );
  const minutes = whole('WX_REFRESH_MINUTES', '110', 5, 115);
  const limit = whole('MINT_LIMIT_PER_DAY', '500', 1, 100_000);
  const baseUrls = check(
    'WX_API_BASE_URLS',
    'must be a comma list of https addresses (http only on loopback)',
    readBaseUrls(get('WX_API_BASE_URLS') ?? DEFAULT_BASE_URLS),
  );
  const encryptionKeys = check(
    'TOKEN_ENCRYPTION_KEYS',
    'must be a comma list of up to 10 keys, each 32 bytes in base64 (npm run setup makes one)',
    readKeys(get('TOKEN_ENCRYPTION_KEYS')),
  );
  const ticks = check('TICKS', 'must be timer, outside or readers', readTicks(get('TICKS')));
  const credentials = readApps(get, check);
  if (!tokenApi || !minutes || !limit || !baseUrls || !encryptionKeys || !ticks || !credentials)
    return { ok: false, problems };
  if (problems.length > 0) return { ok: false, problems };
  const apps = credentials.map(({ appid, secret, api: own }) => {
    const used = own ?? tokenApi;
    const mark = fingerprint(appid, secret, used, baseUrls.join());
    return conceal({ appid, secret, api: used, fingerprint: mark }, 'secret');
  });
  const trustedSources = (get('TRUSTED_SOURCES') ?? '')
    .split(';')
    .map((source) => source.trim())
    .filter(Boolean);
  const webhook = get('ALERT_WEBHOOK_URL');
  const alertWebhookUrl = webhook === undefined ? null : readWebhookUrl(webhook);
  const warnings = webhook !== undefined && alertWebhookUrl === null ? [NO_ALERTS] : [];
  const appids = apps.map(({ appid }) => appid);
  const tickets = readTickets(get('WX_TICKETS'), appids, (rule) => warnings.push(`WX_TICKETS ${rule}`));
  const config: Config = {
    apps,
    refreshAfterMs: minutes * MINUTE_MS,
    baseUrls,
    mintLimitPerDay: limit,
    trustedSources,
    encryptionKeys,
    tickets,
    alertWebhookUrl,
    ticks,
    warnings,
  };
  return { ok: true, config: conceal(config, 'encryptionKeys', 'alertWebhookUrl') };
}

type Credentials = { appid: string; secret: string; api?: TokenApi | undefined };
type Get = (name: string) => string | undefined;
type Check = <T>(name: string, rule: string, value: T | undefined) => T | undefined;

function readApps(get: Get, check: Check): Credentials[] | undefined {
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

/** Undefined: it is none of the three. */
export function readTicks(value: string | undefined): TickSource | undefined {
  const given = value?.trim() || 'timer';
  return TICK_SOURCES.find((source) => source === given);
}

function readWhole(value: string, least: number, most: number): number | undefined {
  const number = Number(value);
  return /^\d{1,9}$/.test(value) && number >= least && number <= most ? number : undefined;
}

function readKeys(list: string | undefined): Buffer[] | undefined {
  if (list === undefined) return [];
  const keys = list.split(',').map((key) => key.trim());
  const areKeys = keys.length <= 10 && keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key));
  return areKeys ? keys.map((key) => Buffer.from(key, 'base64')) : undefined;
}

function fingerprint(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

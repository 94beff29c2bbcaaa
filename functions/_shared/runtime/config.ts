/** The environment variables, read once; every problem is reported at once, by name and never by value. */

import { readBaseUrls, readWebhookUrl } from './addresses.ts';
import { readApps, toApp, tokenApi } from './apps.ts';
import type { AppConfig } from './apps.ts';
import { conceal } from './conceal.ts';
import { MINUTE_MS } from '../token/policy.ts';
import { partsOf, readTickets } from '../ticket/settings.ts';
import type { TicketConfig } from '../ticket/settings.ts';

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
  /** Those of WX_TICKETS that can be read: a mistake must not keep anybody from a token. */
  tickets: readonly TicketConfig[];
  /** Null: nobody is alerted. */
  alertWebhookUrl: string | null;
  ticks: TickSource;
  /** What is wrong and stops no token; each begins with its variable. */
  warnings: readonly string[];
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

const DEFAULT_BASE_URLS = 'https://api.weixin.qq.com,https://api2.weixin.qq.com';

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
  const api = check(
    'WX_TOKEN_API',
    'must be token or stable',
    tokenApi.safeParse(get('WX_TOKEN_API') ?? 'token').data,
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
  if (!api || !minutes || !limit || !baseUrls || !encryptionKeys || !ticks || !credentials)
    return { ok: false, problems };
  const apps = credentials.map((one) => toApp(one, api, baseUrls));
  const trustedSources = partsOf(get('TRUSTED_SOURCES'), ';');
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

/** The line that the functions answer with when variables are missing or malformed. */
export function describeProblems(problems: readonly string[]): string {
  return `misconfigured: ${problems.join('; ')}. Set the variables of the functions and run npm run deploy`;
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

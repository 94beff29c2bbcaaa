/** One app's account as WeChat keeps it: its secret, what it is barred from, its counters and its two token families. */

import { DEFAULT_LIMITS, type Limits } from './constants.ts';
import { createFamily, type Family } from './family.ts';
import type { RiskEntry } from './ip-rules.ts';
import { createMintLog, type MintLog } from './mint-log.ts';
import { createQuotas, type Quotas } from './quota.ts';

export interface AppOptions {
  appid: string;
  secret: string;
  limits?: Partial<Limits>;
  /** What a wrong secret is answered with: 40125 in answers since 2022, 40001 in the documentation. */
  wrongSecretCode?: 40125 | 40001;
  /** Which kind of account it is: only an official account has tickets. Default: mini. */
  kind?: AccountKind;
  /** Takes "a forced refresh invalidates the last token" literally: no grace for the old one. Default: grace. */
  forceKillsImmediately?: boolean;
}

/** A mini program, or an official account (服务号, 订阅号). */
export type AccountKind = 'mini' | 'official';

export interface Account {
  readonly appid: string;
  secret: string;
  oldSecret: { value: string; untilMs: number } | undefined;
  frozenFromMs: number;
  unfrozenFromMs: number;
  bannedWith: 50004 | 50007 | undefined;
  /** undefined: the account has not switched its whitelist on. */
  whitelist: readonly string[] | undefined;
  kind: AccountKind;
  /** JS 接口安全域名, where pages may be signed; undefined: anywhere. */
  jsDomains: readonly string[] | undefined;
  ticketsDieEarlyMs: number;
  readonly risks: Map<string, RiskEntry>;
  readonly limits: Limits;
  readonly quotas: Quotas;
  lastForceAtMs: number;
  readonly wrongSecretCode: number;
  readonly forceKillsImmediately: boolean;
  readonly legacy: Family;
  readonly stable: Family;
  readonly mints: MintLog;
}

export function createAccount(options: AppOptions): Account {
  return {
    appid: options.appid,
    secret: options.secret,
    oldSecret: undefined,
    frozenFromMs: Number.POSITIVE_INFINITY,
    unfrozenFromMs: Number.POSITIVE_INFINITY,
    bannedWith: undefined,
    whitelist: undefined,
    kind: options.kind ?? 'mini',
    jsDomains: undefined,
    ticketsDieEarlyMs: 0,
    risks: new Map(),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    quotas: createQuotas(),
    lastForceAtMs: Number.NEGATIVE_INFINITY,
    wrongSecretCode: options.wrongSecretCode ?? 40125,
    forceKillsImmediately: options.forceKillsImmediately ?? false,
    legacy: createFamily(options.appid, 'legacy'),
    stable: createFamily(options.appid, 'stable'),
    mints: createMintLog(),
  };
}

export function isFrozen(account: Account, nowMs: number): boolean {
  return nowMs >= account.frozenFromMs && nowMs < account.unfrozenFromMs;
}

export function isSecretRight(account: Account, secret: string, nowMs: number): boolean {
  if (secret === account.secret) return true;
  const { oldSecret } = account;
  return oldSecret !== undefined && secret === oldSecret.value && nowMs < oldSecret.untilMs;
}

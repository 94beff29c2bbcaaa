/** Records as a tick may find them, and the policy they are judged by. */

import type { Policy } from '../../functions/_shared/token/policy.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import type { Backoff, TokenRecord } from '../../functions/_shared/token/record.ts';

/** Noon in UTC+8. */
export const NOW_MS = Date.UTC(2026, 10, 22, 4);
export const MINUTE_MS = 60_000;
export const TODAY = 20_779;

export const policy: Policy = {
  api: 'token',
  refreshAfterMs: 110 * MINUTE_MS,
  mintLimitPerDay: 500,
  fingerprint: 'f1',
};

/** One with a token of this age. */
export function aged(minutes: number, rest: Partial<TokenRecord> = {}): TokenRecord {
  const mintedAtMs = NOW_MS - minutes * MINUTE_MS;
  const token = {
    value: '110_stored',
    api: 'token',
    mintedAtMs,
    expiresAtMs: mintedAtMs + 7_200_000,
  } as const;
  return { ...emptyRecord, version: 7, token, ...rest };
}

export function backoff(rest: Partial<Backoff> = {}): Backoff {
  return {
    owner: 'transient',
    errcode: 503,
    errmsg: 'WeChat did not answer (TIMEOUT); it is tried again by itself',
    failures: 1,
    sinceAtMs: NOW_MS - MINUTE_MS,
    retryAtMs: NOW_MS + 1_000,
    fingerprint: 'f1',
    ...rest,
  };
}

export const refusedSecret = backoff({
  owner: 'configuration',
  errcode: 40125,
  errmsg: 'invalid appsecret',
  advice:
    'the AppSecret is wrong: copy it again from https://mp.weixin.qq.com (开发管理 → 开发设置) into WX_APPSECRET and deploy',
});

/** What a record answers to a caller: the token with the life that is assured, or why there is none and when to ask again. */

import { isStorePaused, pauseStore, STORE_PAUSE_MS } from './app.ts';
import type { App } from './app.ts';
import { isBackingOff } from './backoff.ts';
import type { Reason } from './decide.ts';
import { KINDS } from './kinds.ts';
import { assuredLifeMs, isTooShort } from './life.ts';
import { FAILURE_MEMORY_MS, MEMORY_MS } from './policy.ts';
import { explain } from './ports.ts';
import type { Answer, Failure, TokenError } from './ports.ts';
import type { TokenRecord } from './record.ts';
import type { RefreshOutcome } from './refreshAccessToken.ts';
import { isAnswered, isReported } from './report.ts';

/** WeChat counts in seconds: less than one is nothing. */
const LEAST_LIFE_MS = 1_000;

export interface Attempt {
  /** The record was read then or later. */
  askedAtMs: number;
  reason: Reason;
  outcome: RefreshOutcome;
}

/** From memory, without a read; null where memory says too little. */
export function fromMemory(app: App): Answer | null {
  const { memory, policy, ports } = app;
  const nowMs = ports.now();
  // An age below zero means that the clock stepped back: nothing can be said about this memory's age.
  if (memory === null || nowMs < memory.readAtMs) return null;
  const { record, readAtMs } = memory;
  if (isStorePaused(app, nowMs)) return served(app, record, readAtMs);
  if (nowMs - readAtMs >= MEMORY_MS) return null;
  if (!isTooShort(record, readAtMs, nowMs, policy)) return served(app, record, readAtMs);
  const { backoff } = record;
  if (nowMs - readAtMs >= FAILURE_MEMORY_MS || !isBackingOff(backoff, policy.fingerprint, nowMs)) return null;
  return served(app, record, readAtMs) ?? refusal(backoff, backoff.retryAtMs - nowMs);
}

/** What is left if anything is, else the reason why not. */
export function conclude(app: App, { outcome, reason, askedAtMs }: Attempt): Answer {
  const nowMs = app.ports.now();
  // After a step back of the clock that instant is in the future, and would lengthen the assured life.
  const readAtMs = Math.min(askedAtMs, nowMs);
  const left = mayHandOut(app, outcome.record, reason) ? served(app, outcome.record, readAtMs) : null;
  if (left !== null) return left;
  if (outcome.action === 'failed') return refusal(outcome.failure, outcome.retryAtMs - nowMs);
  const yet = notNow(app, 'another call is fetching one; ask again in a moment');
  return refusal(yet, 'untilAtMs' in outcome ? outcome.untilAtMs - nowMs : LEAST_LIFE_MS);
}

/** The database does not answer: memory serves to the end of assured life, and nothing is minted. */
export function withoutStore(app: App, reason: Reason, error: TokenError): Answer {
  const { memory, ports } = app;
  const nowMs = ports.now();
  ports.log('store_failed', { appid: app.appid, code: error.code, errmsg: error.message });
  pauseStore(app);
  const isKnown = memory !== null && mayHandOut(app, memory.record, reason);
  const left = isKnown ? served(app, memory.record, Math.min(memory.readAtMs, nowMs)) : null;
  if (left !== null) return left;
  if (error.code === 'STORE_MISCONFIGURED')
    return { ok: false, errcode: 500, errmsg: error.message, retryAfterMs: null };
  return refusal(notNow(app, error.message), STORE_PAUSE_MS);
}

/** A reported token is no answer to its reporter, unless WeChat has accepted it since. */
export function isUsable({ ports, policy }: App, record: TokenRecord, reason: Reason): boolean {
  return !isReported(record, reason) || isAnswered(record, reason, ports.now(), policy);
}

/** A guess is not to cost its reporter what all others get while WeChat can't be asked. */
function mayHandOut(app: App, record: TokenRecord, reason: Reason): boolean {
  return KINDS[app.policy.api].isReportedByGuess || isUsable(app, record, reason);
}

function served(app: App, record: TokenRecord, readAtMs: number): Answer | null {
  const nowMs = app.ports.now();
  const leftMs = assuredLifeMs(record, readAtMs, nowMs, app.policy);
  if (record.token === null || leftMs < LEAST_LIFE_MS) return null;
  return { ok: true, token: record.token.value, leftMs, endsAtMs: nowMs + leftMs };
}

function refusal(cause: Pick<Failure, 'errcode' | 'errmsg' | 'advice'>, retryAfterMs: number): Answer {
  return {
    ok: false,
    errcode: cause.errcode,
    errmsg: explain(cause),
    retryAfterMs: Math.max(LEAST_LIFE_MS, retryAfterMs),
  };
}

function notNow({ policy }: App, why: string): Pick<Failure, 'errcode' | 'errmsg'> {
  return { errcode: 503, errmsg: `no usable ${KINDS[policy.api].noun} just now: ${why}` };
}

/** Use case 2: memory → database → refresh or wait → answer. Serves what is alive, with the honest life left. */

import type { Reason } from './decide.ts';
import { isStorePaused, pauseStore, shareFlight, STORE_PAUSE_MS } from './app.ts';
import type { App } from './app.ts';
import { assuredLifeMs, isTooShort } from './life.ts';
import { readSaved } from './mintAndSave.ts';
import { FAILURE_MEMORY_MS, LONGEST_WAIT_MS, MEMORY_MS } from './policy.ts';
import { explain, TokenError } from './ports.ts';
import type { Answer, Failure } from './ports.ts';
import { refreshFrom } from './refreshAccessToken.ts';
import type { RefreshOutcome } from './refreshAccessToken.ts';
import { emptyRecord } from './record.ts';
import type { TokenRecord } from './record.ts';
import { isAnswered, isReported } from './report.ts';
import type { Report } from './report.ts';
import { isBackingOff } from './backoff.ts';

/** Growing, so that 200 cold starts don't ask the database 200 times every 150 ms; the sum is the longest wait. */
const WAITS_MS = [150, 300, 600, 1_200, 1_600, 2_150];

/** WeChat counts in seconds: less than one is nothing. */
const LEAST_LIFE_MS = 1_000;

/** What a caller asks for, told by the document as it was when the call came in. */
type Question = (record: TokenRecord) => Reason;

/**
 * `reported` is a token that WeChat has just refused to the caller; null when it simply needs one. `source`: the
 * caller's TCB_SOURCE, for whoever has to find it. Never throws.
 */
export function getAccessToken(
  app: App,
  reported: string | null,
  source: string | null = null,
): Promise<Answer> {
  const quick = reported === null ? fromMemory(app) : null;
  if (quick !== null) return Promise.resolve(quick);
  if (reported === null) return shareFlight(app, '', () => obtain(app, () => ({ by: 'reader' })));
  return shareFlight(app, reported, () =>
    obtain(app, (record) => reportOf(record, { value: reported, isSuspicion: false, source })),
  );
}

/**
 * For a caller that can't report: it was given `suspected` (null: nobody knows what) and asks again too early. The
 * token is handed out once WeChat accepts it or says nothing about it. Never throws.
 */
export function checkAccessToken(app: App, suspected: string | null): Promise<Answer> {
  const question: Question = (record) => {
    const value = suspected ?? record.token?.value ?? '';
    return reportOf(record, { value, isSuspicion: true, source: null });
  };
  // No token begins with a blank.
  return shareFlight(app, ` ${suspected}`, () => obtain(app, question));
}

function reportOf({ verdict }: TokenRecord, report: Omit<Report, 'by' | 'knownId'>): Report {
  return { by: 'report', knownId: verdict?.id ?? null, ...report };
}

interface Attempt {
  /** The record was read then or later. */
  askedAtMs: number;
  reason: Reason;
  outcome: RefreshOutcome;
}

async function obtain(app: App, question: Question): Promise<Answer> {
  const { ports } = app;
  let reason: Reason | null = null;
  const attempt = async (): Promise<Attempt> => {
    const askedAtMs = ports.now();
    const stored = await readSaved(app);
    reason ??= question(stored.record);
    return { askedAtMs, reason, outcome: await refreshFrom(app, reason, stored) };
  };
  try {
    const beganAtMs = ports.now();
    for (const waitMs of WAITS_MS) {
      // A slow database must not stretch the wait: the function itself has a limit.
      if (ports.now() - beganAtMs >= LONGEST_WAIT_MS) break;
      const attempted = await attempt();
      // Frozen on the way: what was read before is history, and its token may be dead by now.
      if (ports.now() - attempted.askedAtMs >= MEMORY_MS) continue;
      if (!isWorthWaiting(app, attempted)) return conclude(app, attempted);
      await ports.sleep(waitMs * (0.75 + ports.random() / 2));
    }
    return conclude(app, await attempt());
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return withoutStore(app, reason ?? question(app.memory?.record ?? emptyRecord), error);
  }
}

/** Somebody is minting and will be done soon, and what is left meanwhile is not enough. */
function isWorthWaiting(app: App, { outcome, reason }: Attempt): boolean {
  if (outcome.action !== 'busy') return false;
  const nowMs = app.ports.now();
  if (outcome.why !== 'claim' && outcome.untilAtMs - nowMs > LONGEST_WAIT_MS) return false;
  return !isUsable(app, outcome.record, reason) || isTooShort(outcome.record, nowMs, nowMs, app.policy);
}

/** What is left if anything is, else the reason why not. */
function conclude(app: App, { outcome, reason, askedAtMs }: Attempt): Answer {
  const nowMs = app.ports.now();
  // After a step back of the clock that instant is in the future, and would lengthen the assured life.
  const readAtMs = Math.min(askedAtMs, nowMs);
  const left = isUsable(app, outcome.record, reason) ? served(app, outcome.record, readAtMs) : null;
  if (left !== null) return left;
  if (outcome.action === 'failed') return refusal(outcome.failure, outcome.retryAtMs - nowMs);
  return refusal(NOTHING_YET, 'untilAtMs' in outcome ? outcome.untilAtMs - nowMs : LEAST_LIFE_MS);
}

/** The database does not answer: memory serves to the end of assured life, and nothing is minted. */
function withoutStore(app: App, reason: Reason, error: TokenError): Answer {
  const { memory, ports } = app;
  const nowMs = ports.now();
  ports.log('store_failed', { appid: app.appid, code: error.code, errmsg: error.message });
  pauseStore(app);
  const isKnown = memory !== null && isUsable(app, memory.record, reason);
  const left = isKnown ? served(app, memory.record, Math.min(memory.readAtMs, nowMs)) : null;
  if (left !== null) return left;
  if (error.code === 'STORE_MISCONFIGURED')
    return { ok: false, errcode: 500, errmsg: error.message, retryAfterMs: null };
  return refusal(
    { errcode: 503, errmsg: `no usable access_token just now: ${error.message}` },
    STORE_PAUSE_MS,
  );
}

function fromMemory(app: App): Answer | null {
  const { memory, policy, ports } = app;
  const nowMs = ports.now();
  // An age below zero means that the clock stepped back: nothing can be said about this memory's age.
  if (memory === null || nowMs < memory.readAtMs) return null;
  const { record, readAtMs } = memory;
  if (isStorePaused(app, nowMs)) return served(app, record, readAtMs);
  if (nowMs - readAtMs >= MEMORY_MS) return null;
  if (!isTooShort(record, readAtMs, nowMs, policy)) return served(app, record, readAtMs);
  const isFailing =
    nowMs - readAtMs < FAILURE_MEMORY_MS && isBackingOff(record.backoff, policy.fingerprint, nowMs);
  if (!isFailing || record.backoff === null) return null;
  return served(app, record, readAtMs) ?? refusal(record.backoff, record.backoff.retryAtMs - nowMs);
}

/** A reported token is no answer to its reporter, unless WeChat has accepted it since. */
function isUsable({ ports, policy }: App, record: TokenRecord, reason: Reason): boolean {
  return !isReported(record, reason) || isAnswered(record, reason, ports.now(), policy);
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

const NOTHING_YET = {
  errcode: 503,
  errmsg: 'no usable access_token just now: another call is fetching one; ask again in a moment',
};

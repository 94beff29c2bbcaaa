/**
 * `npm run refresh`: a request in the document, and the function called until the document says that it is done.
 *
 * The reply only tells how long to wait; whether it was carried out, the document tells, since the timer or a
 * reader may be the one that does it.
 */

import { pick } from '../command/language.ts';
import { callOf, respell } from '../command/call.ts';
import { explain } from '../../functions/_shared/token/ports.ts';
import { COLLECTION, fromDocument } from '../../functions/_shared/store/document.ts';
import { pendingRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { unopened } from '../place/unopened.ts';
import type { Clock, Reach } from '../place/reach.ts';
import { duration } from '../command/words.ts';
import { placeRequest } from './place-request.ts';
import { readTold, type Told } from './reply.ts';

export interface RefreshOptions {
  reach: Reach;
  appid: string;
  /** The token has leaked: two mints, so that it dies at once. */
  isLeak: boolean;
  /** The other system that fetched tokens is stopped: refusals before now are forgotten. */
  isMinterGone: boolean;
  clock: Clock;
  /** One line of progress. */
  tell(line: string): void;
}

export type RefreshResult =
  /** `isSameToken`: in `stable` mode WeChat answers an unforced call with the token that it gave before. */
  | { ok: true; hadToken: boolean; isSameToken: boolean }
  | { ok: false; why: string; isStillRequested: boolean };

/** Under the 15 minutes after which a request is forgotten. */
const PATIENCE_MS = 12 * 60_000;
const MOST_RETRIES = 3;
const RETRY_PAUSE_MS = 5_000;
/** A wait that the function gave in whole seconds ends a moment later than it said. */
const SLACK_MS = 500;
/** WeChat tells the life left in whole seconds, and the request takes a moment. */
const SAME_END_MS = 10_000;

export async function refresh(options: RefreshOptions): Promise<RefreshResult> {
  const { reach, appid, isLeak, isMinterGone, clock, tell } = options;
  const documents = reach.documents(COLLECTION);
  const read = async (): Promise<TokenRecord> => readRecord(await documents.get(appid), appid);
  const before = await placeRequest(documents, appid, { isLeak, isMinterGone }, clock);
  tell(asked(appid, isLeak));
  const untilAtMs = clock.now() + PATIENCE_MS;
  for (let retries = 0; ;) {
    const told = readTold(await reach.invoke(reach.names.refresh, {}), appid);
    const record = await read();
    const manualRefresh = pendingRefresh(record, clock.now());
    if (manualRefresh === null) return conclude(before, record);
    const next = whatNext(told, record);
    const pauseMs = next.do === 'wait' ? next.forMs : RETRY_PAUSE_MS;
    if (next.do === 'retry') retries += 1;
    if (next.do === 'stop' || retries > MOST_RETRIES || clock.now() + pauseMs > untilAtMs)
      return { ok: false, why: next.why, isStillRequested: true };
    if (next.do === 'again')
      tell(
        pick({
          en: `${appid}: minted once; the second mint follows`,
          zh: `${appid}：已获取一次，接着获取第二次`,
        }),
      );
    else {
      tell(
        pick({
          en: `${appid}: ${next.why}; next attempt in ${duration(pauseMs)}`,
          zh: `${appid}：${next.why}；${duration(pauseMs)}后重试`,
        }),
      );
      await clock.sleep(pauseMs);
    }
  }
}

type Next =
  | { do: 'again'; why: string }
  | { do: 'wait'; why: string; forMs: number }
  | { do: 'retry' | 'stop'; why: string };

/** The request is still there after a call: was that a step on the way, a passing failure, or the end? */
function whatNext(told: Told, { backoff }: TokenRecord): Next {
  if (told.kind === 'unusable') return { do: 'stop', why: told.errmsg };
  if (told.kind === 'thrown') {
    const cause =
      backoff?.owner === 'transient' ? `${backoff.errcode} ${respell(explain(backoff))}` : told.errmsg;
    return { do: 'retry', why: cause };
  }
  switch (told.action) {
    case 'refreshed':
      return { do: 'again', why: pick({ en: 'the second mint did not follow', zh: '第二次获取没有进行' }) };
    case 'busy':
      return { do: 'wait', why: told.errmsg, forMs: told.refreshInMs + SLACK_MS };
    case 'failed':
      return { do: 'stop', why: `${told.errcode} ${told.errmsg}` };
    default:
      return {
        do: 'stop',
        why: pick({
          en: `the function left the request lying: it is an older one (${callOf('deploy')}), or the clock of this machine is off by more than 15 minutes`,
          zh: `云函数没有处理这个请求：可能是旧版本（请执行 ${callOf('deploy')}），或者本机时钟误差超过 15 分钟`,
        }),
      };
  }
}

function conclude({ token: before }: TokenRecord, { token: after }: TokenRecord): RefreshResult {
  if (after === null || JSON.stringify(after) === JSON.stringify(before)) {
    return {
      ok: false,
      why: pick({
        en: 'the request is gone, but no new token came of it: run the command again',
        zh: '请求已不在，却没有得到新的 token：请重新执行',
      }),
      isStillRequested: false,
    };
  }
  // Told by the end of life, since a sealed token can't be compared: a new one lives two hours from now.
  const isSameToken =
    after.api === 'stable' && Math.abs(after.expiresAtMs - (before?.expiresAtMs ?? 0)) < SAME_END_MS;
  return { ok: true, hadToken: before !== null, isSameToken };
}

function asked(appid: string, isLeak: boolean): string {
  return pick({
    en: `${appid}: asked for ${isLeak ? 'two mints, which kill the leaked token' : 'a mint'}`,
    zh: `${appid}：已请求${isLeak ? '获取两次，使泄露的 token 作废' : '获取新的 token'}`,
  });
}

function readRecord(document: Record<string, unknown> | null, appid: string): TokenRecord {
  return document === null ? emptyRecord : fromDocument(document, appid, unopened).record;
}

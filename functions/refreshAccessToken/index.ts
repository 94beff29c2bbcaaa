/** The function refreshAccessToken: the timer calls `main`, which refreshes each app's token if it is due. It returns no token. */

import { readCaller } from '../_shared/runtime/caller.ts';
import type { Caller } from '../_shared/runtime/caller.ts';
import { createRuntime } from '../_shared/runtime/runtime.ts';
import { describeProblems } from '../_shared/runtime/config.ts';
import { createLog, writeLine } from '../_shared/runtime/log.ts';
import { mayRefresh } from './caller.ts';
import { failuresIn, repliesOf } from './reply.ts';
import { tickAll } from './tick.ts';
import type { TickReply } from './reply.ts';

export interface RefreshReply {
  errcode: number;
  errmsg: string;
  results: TickReply[];
  /** Where tickets are kept; `appid` is the AppID, a colon and the type. */
  tickets?: TickReply[];
}

const getRuntime = createRuntime('refreshAccessToken');
const log = createLog('refreshAccessToken', writeLine);

/**
 * Throws when a refresh failed for a transient reason, once everything is recorded, so that the platform shows
 * the failure and retries it. What a retry can't cure is returned.
 */
export async function main(event: unknown, context: unknown): Promise<RefreshReply> {
  const beganAtMs = performance.now();
  const caller = readCaller(event, context);
  if (!mayRefresh(caller) || !isSourceEnough(caller)) {
    log('caller_refused', { source: caller.source });
    return { errcode: 403, errmsg: whyRefused(caller), results: [] };
  }
  const runtime = await getRuntime();
  if (!runtime.ok) {
    const errmsg = describeProblems(runtime.problems);
    log('misconfigured', { errmsg });
    return { errcode: 500, errmsg, results: [] };
  }
  const from = isTimer(event, caller) ? 'timer' : 'operator';
  const ticks = await tickAll(runtime.runtime, { from, beganAtMs, log });
  const failures = failuresIn(ticks);
  if (failures !== '') throw new RefreshError(failures);
  return { errcode: 0, errmsg: 'ok', ...repliesOf(ticks) };
}

function whyRefused(caller: Caller): string {
  return mayRefresh(caller)
    ? 'caller not allowed: this platform tells no source, so a tick comes by the outside door, with a server key (npm run server-key)'
    : 'caller not allowed: the timer and the management side refresh, nobody else has to';
}

/**
 * Functions V1 give every function credentials of its own, and there a call without any source is the timer's or the
 * management side's. V2 gives none, has no timer, and what its callers look like is unknown: a tick comes by the
 * outside door there, with a server key. https://docs.cloudbase.net/cloud-function/v2 (read 2026-11-28)
 */
function isSourceEnough({ source }: Caller): boolean {
  return source !== null || Boolean(process.env['TENCENTCLOUD_SECRETID']);
}

/**
 * `npm run refresh` is not a tick. The check can be faked, but it only decides when an alert ends.
 * https://www.tencentcloud.com/zh/document/product/583/31439 (read 2026-11-22)
 */
function isTimer(event: unknown, { source }: Caller): boolean {
  const isTimerEvent =
    typeof event === 'object' && event !== null && 'Type' in event && event.Type === 'Timer';
  return isTimerEvent || source === 'wx_trigger';
}

/** Names every app that failed for a transient reason, and why. */
class RefreshError extends Error {
  override readonly name = 'RefreshError';
  readonly code = 'REFRESH_FAILED';

  constructor(failures: string) {
    super(`refresh failed, the platform will retry it: ${failures}`);
  }
}

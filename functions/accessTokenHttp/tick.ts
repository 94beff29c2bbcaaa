/** A tick from outside, where the platform has no timer or it is dead: as refreshAccessToken, and no token by it either. */

import { describeProblems } from '../_shared/runtime/config.ts';
import { createRuntime } from '../_shared/runtime/runtime.ts';
import type { Log } from '../_shared/token/ports.ts';
import { failuresIn, repliesOf } from '../refreshAccessToken/reply.ts';
import { tickAll } from '../refreshAccessToken/tick.ts';
import { respond } from './http.ts';
import type { HttpResponse } from './http.ts';
import { refuse } from './refusal.ts';

/** Its own: what a tick reads and alerts differs from what a reader does. */
const getRuntime = createRuntime('accessTokenHttp', true);

/**
 * Whatever TICKS says, a tick is carried out: it obeys R1. It only ends no alert about ticks that are meant to come
 * from elsewhere.
 *
 * Status 503 where a refresh failed for a transient reason, so that whoever ticks tries again.
 */
export async function answerTick(about: { rid: string; beganAtMs: number; log: Log }): Promise<HttpResponse> {
  const runtime = await getRuntime();
  if (!runtime.ok) {
    about.log('misconfigured', { rid: about.rid, errmsg: describeProblems(runtime.problems) });
    return refuse(-1, about.rid);
  }
  const ticks = await tickAll(runtime.runtime, { ...about, from: 'outside' });
  const replies = repliesOf(ticks);
  const failures = failuresIn(ticks);
  if (failures === '') return respond({ errcode: 0, errmsg: 'ok', ...replies });
  return respond({ errcode: 503, errmsg: `refresh failed: ${failures}`, ...replies }, 503);
}

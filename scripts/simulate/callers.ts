/** The functions that need a token: they come with the day's rhythm, keep a token for a minute at most, and report refusals. */

import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import { CLAIM_MS } from '../../functions/_shared/token/policy.ts';
import type { Answer } from '../../functions/_shared/token/ports.ts';
import type { StoredToken, TokenApi } from '../../functions/_shared/token/record.ts';
import { stepClock } from './instance.ts';
import type { Instance } from './instance.ts';
import type { Pool } from './pool.ts';
import { followRhythm, createRhythm } from './rhythm.ts';
import { LONGEST_CALL_MS } from './verdict.ts';
import type { Handout } from './verdict.ts';
import { breakReport } from './without.ts';
import type { World } from './world.ts';

const LONGEST_CACHE_MS = 60_000;
/** As the client helper does, since WeChat's replicas lag. */
const REPORT_AFTER_MS = 1_000;
/** So many use their token in the very last moment that they were promised. */
const LAST_MOMENT_SHARE = 0.3;

export function startCallers(world: World, pool: Pool, requestsPerDay: number): void {
  const { timeline, tally, oracles, ledger, wechat, streams } = world;
  const random = streams.of(`callers of ${world.appid}`);
  const rhythm = createRhythm(streams.of(`arrivals at ${world.appid}`), requestsPerDay);

  async function request(reported: string | null): Promise<void> {
    const askedAtMs = timeline.now();
    if (reported !== null) oracles.calls.onReported();
    const asked = await pool.invoke(async (instance) => {
      const answer = await ask(world, instance, reported);
      // The instance answers for its clock as it is now, not as it will be.
      const clock = { nowMs: instance.clock.offsetMs(), ...instance.clock.range() };
      return { answer, instance: instance.id, clock };
    });
    const atMs = timeline.now();
    if (typeof asked === 'string' || !asked.answer.ok) {
      const isLost = typeof asked === 'string';
      const isInOutage = atMs < world.weather.wechatDownUntilAtMs;
      tally.unanswered(atMs, { isReport: reported !== null, isLost, isInOutage });
      const isToComeBack = reported !== null && !isLost && isPutOff(world.deployment.api, asked.answer);
      if (!isToComeBack) oracles.onUnanswered(isLost ? asked : describe(asked.answer));
      return;
    }
    const { token: value, leftMs } = asked.answer;
    tally.answered(atMs, reported !== null, ledger.find(value)?.number ?? 0);
    const isCutOff = atMs - LONGEST_CALL_MS < world.weather.databaseDownUntilAtMs;
    const handout: Handout = { value, atMs, instance: asked.instance, clock: asked.clock, isCutOff };
    if (value === reported) oracles.reports.onGivenBack(handout, askedAtMs);
    oracles.promises.add(handout, atMs + leftMs);
    receive(handout, leftMs, reported);
  }

  /** Uses the token at once, and once more at a moment until which it may be kept. */
  function receive(handout: Handout, leftMs: number, reported: string | null): void {
    if (isRefused(handout, 'handout')) return report(handout, reported);
    const keptMs = Math.min(LONGEST_CACHE_MS, Math.floor(leftMs / 1_000) * 1_000) - 1;
    const afterMs = random() < LAST_MOMENT_SHARE ? keptMs : Math.floor(random() * keptMs);
    timeline.at(timeline.now() + afterMs, () => {
      if (isRefused(handout, 'use')) report(handout, reported);
    });
  }

  function isRefused(handout: Handout, where: 'handout' | 'use'): boolean {
    const atMs = timeline.now();
    if (wechat.useToken(handout.value, atMs).errcode === 0) return false;
    const verdict = oracles.promises.onDead(handout, atMs);
    tally.dead(atMs, verdict, where);
    world.trace.add(
      `token ${ledger.find(handout.value)?.number} of #${handout.instance} is refused at ${where}: ${verdict}`,
    );
    return true;
  }

  /** Once: who gets a refused token for a report has to live with it. */
  function report(handout: Handout, reported: string | null): void {
    if (reported === null) timeline.at(timeline.now() + REPORT_AFTER_MS, () => void request(handout.value));
  }

  followRhythm(timeline, rhythm, () => void request(null));
}

/** One call of the function for this app. */
export async function ask(world: World, instance: Instance, reported: string | null): Promise<Answer> {
  stepClock(world, instance);
  instance.reported.clear();
  if (reported !== null) instance.reported.set(world.appid, reported);
  const stored = world.collection.documents.get(world.appid)?.['token'] as StoredToken | null | undefined;
  return getAccessToken(
    instance.apps.get(world.appid)!,
    breakReport(world.without, reported, stored?.value ?? null),
  );
}

/** In `stable` mode reports are answered 15 s apart, and by one instance at a time: the others have to come back. */
function isPutOff(api: TokenApi, answer: Answer): boolean {
  const isSoon = !answer.ok && (answer.retryAfterMs ?? Infinity) <= CLAIM_MS;
  return api === 'stable' && isSoon && answer.errcode === 503;
}

function describe(answer: Answer): string {
  return answer.ok ? 'ok' : `${answer.errcode} ${answer.errmsg}`;
}

/** Records the true state of the world when the core makes a claim, which the core itself can't know. */

import { NEWBORN_MS } from '../../functions/_shared/token/policy.ts';
import type { TokenStore } from '../../functions/_shared/token/ports.ts';
import { pendingRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import type { TokenApi, TokenRecord } from '../../functions/_shared/token/record.ts';
import { isProbing } from '../../functions/_shared/token/report.ts';
import type { SkewedClock } from './clock.ts';
import type { MintClaim } from './ledger.ts';
import type { World } from './world.ts';

/** Called for every claim at the moment when the core makes it. */
export function observe(store: TokenStore, onClaim: (next: TokenRecord) => void): TokenStore {
  let latest = '';
  return {
    read: store.read,
    swap(basis, next, ...history) {
      const { claim } = next;
      const isMint = claim !== null && claim.contestedSinceAtMs === null && !isProbing(next);
      if (isMint && claim.id !== latest) {
        latest = claim.id;
        onClaim(next);
      }
      return store.swap(basis, next, ...history);
    },
  };
}

export function claimOf(
  { timeline, collection, ledger, sentry, appid, wechat, dice }: World,
  { instance, clock, api }: { instance: number; clock: SkewedClock; api: TokenApi },
  next: TokenRecord,
  reported: string | null,
): MintClaim {
  const startedAtMs = next.claim?.startedAtMs ?? 0;
  const record = collection.documents.get(appid) as TokenRecord | undefined;
  const stored = record?.token ?? null;
  const isReport = reported !== null && reported === stored?.value;
  const isTooMuch =
    isReport &&
    api === 'token' &&
    record?.unsettledSinceAtMs === null &&
    wechat.useToken(reported, timeline.now()).errcode === 0
      ? sentry.isReportTooMuch(reported)
      : false;
  if (isReport) sentry.onReport();
  // To others its claim is over, or lasts for longer.
  if (Math.abs(clock.offsetMs()) > 1_000) dice.note('clock-skew');
  sentry.onClaim(startedAtMs, clock.offsetMs());
  const mint = stored === null ? undefined : ledger.find(stored.value);
  const isFine =
    mint !== undefined &&
    record?.unsettledSinceAtMs === null &&
    timeline.now() - mint.atMs < 100 * 60_000 &&
    ledger.deathAtMs(mint) > timeline.now() + 300_000;
  return {
    instance,
    atMs: timeline.now(),
    startedAtMs,
    offsetMs: clock.offsetMs(),
    unsettledSinceAtMs: record?.unsettledSinceAtMs ?? null,
    unsettledOffsetMs: sentry.offsetOf(record?.unsettledSinceAtMs ?? null) ?? clock.offsetMs(),
    isAnsweringReport: sentry.isReported(),
    isRequested: record !== undefined && pendingRefresh(record, startedAtMs)?.isLeak === true,
    isModeChange: stored !== null && stored.api !== api,
    isSettlingMark: sentry.isMarked(),
    breach: breachOf(
      reported !== null && !sentry.isReported() && isFine,
      isReport &&
        api === 'token' &&
        !sentry.isSkewed() &&
        Math.abs(startedAtMs - (stored?.mintedAtMs ?? 0)) < NEWBORN_MS,
      isTooMuch,
    ),
  };
}

function breachOf(isOtherToken: boolean, isNewborn: boolean, isTooMuch: boolean): string | null {
  if (isOtherToken) return 'a report of a token that is not stored led to a mint';
  if (isTooMuch) return 'a report of a living token led to another mint within an hour';
  return isNewborn ? 'a report of a newborn token led to a mint' : null;
}

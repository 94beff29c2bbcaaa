/** Records the true state of the world when the core makes a claim, which the core itself can't know. */

import { NEWBORN_MS } from '../../functions/_shared/token/policy.ts';
import type { TokenStore } from '../../functions/_shared/token/ports.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { isProbing } from '../../functions/_shared/token/report.ts';
import type { SkewedClock } from './clock.ts';
import type { MintClaim } from './ledger.ts';
import { APPID } from './world.ts';
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
  { timeline, collection, ledger, sentry }: World,
  instance: number,
  clock: SkewedClock,
  next: TokenRecord,
  reported: string | null,
): MintClaim {
  const startedAtMs = next.claim?.startedAtMs ?? 0;
  const record = collection.documents.get(APPID) as TokenRecord | undefined;
  const stored = record?.token ?? null;
  const isReport = reported !== null && reported === stored?.value;
  if (isReport) sentry.onReport();
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
    isSettlingMark: sentry.isMarked(),
    breach: breachOf(
      reported !== null && !sentry.isReported() && isFine,
      isReport && Math.abs(startedAtMs - (stored?.mintedAtMs ?? 0)) < NEWBORN_MS,
    ),
  };
}

function breachOf(isOtherToken: boolean, isNewborn: boolean): string | null {
  if (isOtherToken) return 'a report of a token that is not stored led to a mint';
  return isNewborn ? 'a report of a newborn token led to a mint' : null;
}

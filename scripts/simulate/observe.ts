/** Records the true state of the world when the core makes a claim, which the core itself can't know. */

import type { TokenStore } from '../../functions/_shared/token/ports.ts';
import { pendingRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import type { TokenApi, TokenRecord } from '../../functions/_shared/token/record.ts';
import { isProbing } from '../../functions/_shared/token/claim.ts';
import type { SkewedClock } from './clock.ts';
import type { MintClaim } from './ledger.ts';
import { breachOf } from './oracles/claims.ts';
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
  world: World,
  { instance, clock, api }: { instance: number; clock: SkewedClock; api: TokenApi },
  next: TokenRecord,
  reportedValue: string | null,
): MintClaim {
  const { timeline, collection, appid, dice, wechat, oracles } = world;
  const { clocks, reports, documents } = oracles;
  const startedAtMs = next.claim?.startedAtMs ?? 0;
  const record = collection.documents.get(appid) as TokenRecord | undefined;
  const stored = record?.token ?? null;
  const isRequested = record !== undefined && pendingRefresh(record, startedAtMs)?.isLeak === true;
  const isModeChange = stored !== null && stored.api !== api;
  const isReport = reportedValue !== null && reportedValue === stored?.value;
  clocks.onRequest(clock.offsetMs());
  const isAccepted = (): boolean => isReport && wechat.useToken(reportedValue, timeline.now()).errcode === 0;
  const names = reportedValue === null ? 'nothing' : isReport ? 'the stored token' : 'another token';
  const isExempt = record === undefined || isRequested || isModeChange;
  const breach = isExempt ? null : breachOf({ record, startedAtMs, names, isAccepted }, oracles);
  if (isReport) reports.onClaim(isAlive(world, reportedValue) ? 'living' : 'dead');
  // To others its claim is over, or lasts for longer.
  if (Math.abs(clock.offsetMs()) > 1_000) dice.note('clock-skew');
  clocks.onClaim(startedAtMs, clock.offsetMs());
  return {
    instance,
    atMs: timeline.now(),
    startedAtMs,
    offsetMs: clock.offsetMs(),
    unsettledSinceAtMs: record?.unsettledSinceAtMs ?? null,
    unsettledOffsetMs: clocks.offsetOf(record?.unsettledSinceAtMs ?? null) ?? clock.offsetMs(),
    isForReport: isReport,
    reported: reports.reported(),
    isRequested,
    isModeChange,
    isSettlingMark: documents.isMarked(),
    breach,
  };
}

function isAlive({ ledger, timeline }: World, value: string): boolean {
  const mint = ledger.find(value);
  return mint !== undefined && ledger.deathAtMs(mint) > timeline.now();
}

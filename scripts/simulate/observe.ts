/** Records the true state of the world when the core makes a claim, which the core itself can't know. */

import { NEWBORN_MS } from '../../functions/_shared/token/policy.ts';
import type { TokenStore } from '../../functions/_shared/token/ports.ts';
import { pendingRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import type { StoredToken, TokenApi, TokenRecord } from '../../functions/_shared/token/record.ts';
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
  world: World,
  { instance, clock, api }: { instance: number; clock: SkewedClock; api: TokenApi },
  next: TokenRecord,
  reportedValue: string | null,
): MintClaim {
  const { timeline, collection, appid, dice, oracles } = world;
  const { clocks, reports, documents } = oracles;
  const startedAtMs = next.claim?.startedAtMs ?? 0;
  const record = collection.documents.get(appid) as TokenRecord | undefined;
  const stored = record?.token ?? null;
  const isRequested = record !== undefined && pendingRefresh(record, startedAtMs)?.isLeak === true;
  const isModeChange = stored !== null && stored.api !== api;
  const isReport = reportedValue !== null && reportedValue === stored?.value;
  const breach =
    record === undefined || isRequested || isModeChange
      ? null
      : isReport
        ? breachOfReport(world, record, startedAtMs)
        : breachOfNeed(record, startedAtMs, reportedValue !== null);
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
    reported: reports.reported(),
    isRequested,
    isModeChange,
    isSettlingMark: documents.isMarked(),
    breach,
  };
}

const SECOND_MS = 1_000;
const REFRESH_AFTER_MS = 110 * 60 * SECOND_MS;
const TOLERANCE_MS = 30 * SECOND_MS;
const LAST_CALL_MS = 300 * SECOND_MS;
/** After that little of the 300 s is left, and the token is replaced without a look. */
const LOOKED_AT_MS = 180 * SECOND_MS;

function isAlive({ ledger, timeline }: World, value: string): boolean {
  const mint = ledger.find(value);
  return mint !== undefined && ledger.deathAtMs(mint) > timeline.now();
}

/** R1: by the clock of the instance, as the instants in the document are by the clock of some instance. */
function isDue({ mintedAtMs, expiresAtMs, api }: StoredToken, startedAtMs: number): boolean {
  const nearlyOverAtMs = expiresAtMs - Math.min(LAST_CALL_MS, (expiresAtMs - mintedAtMs) / 2);
  const isOld = api === 'token' && startedAtMs >= mintedAtMs + REFRESH_AFTER_MS - TOLERANCE_MS;
  return isOld || startedAtMs >= nearlyOverAtMs;
}

/** R1, R6: only a due token, an unsettled mint or a report of the stored token leads to a mint. */
function breachOfNeed(
  { token, unsettledSinceAtMs }: TokenRecord,
  startedAtMs: number,
  isOtherReported: boolean,
): MintClaim['breach'] {
  if (token === null || unsettledSinceAtMs !== null || isDue(token, startedAtMs)) return null;
  return isOtherReported
    ? { rule: 'report', text: 'a report of a token that is not stored led to a mint' }
    : { rule: 'needless', text: 'a token was replaced that was neither due nor reported' };
}

/** R6: what WeChat accepts is replaced once, and a newborn never. */
function breachOfReport(
  { oracles, wechat, timeline }: World,
  { token, unsettledSinceAtMs }: TokenRecord,
  startedAtMs: number,
): MintClaim['breach'] {
  if (token?.api !== 'token') return null;
  const isNewborn = Math.abs(startedAtMs - token.mintedAtMs) < NEWBORN_MS;
  if (isNewborn && !oracles.clocks.isSkewed())
    return { rule: 'report', text: 'a report of a newborn token led to a mint' };
  const isNearlyOver = unsettledSinceAtMs !== null && startedAtMs - unsettledSinceAtMs >= LOOKED_AT_MS;
  if (isNearlyOver || isDue(token, startedAtMs)) return null;
  const isAccepted = wechat.useToken(token.value, timeline.now()).errcode === 0;
  return isAccepted && oracles.reports.isDisbelieved(token.value)
    ? { rule: 'report', text: 'a report of a living token led to another mint' }
    : null;
}

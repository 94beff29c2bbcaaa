/** Checks the rules while the simulation runs: at every write, every mint, every answer and every token given out. */

import { CLAIM_MS, HOLD_MS, NEWBORN_MS, REPORT_TRUST_MS } from '../../functions/_shared/token/policy.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { dayOf } from '../../functions/_shared/token/backoff.ts';
import type { SendResult } from '../../functions/_shared/wechat/send.ts';
import type { Dice } from './dice.ts';
import { createBounds } from './bounds.ts';
import { createFloodGauge } from './flood.ts';
import type { Ledger, Mint, MintClaim } from './ledger.ts';
import type { StoredDocument } from './memory-collection.ts';
import { createIssued } from './issued.ts';
import type { Trace } from './trace.ts';
import { isLate, judge, noVerdicts, skewMs } from './verdict.ts';
import type { Handout, Verdict } from './verdict.ts';

export interface Violation {
  rule: string;
  atMs: number;
  text: string;
  trace: string[];
}

export interface Sentry {
  onWritten(before: StoredDocument | null, after: StoredDocument): void;
  onMint(mint: Mint): void;
  /** Has a late holder marked the stored token, with no newer one stored since? */
  isMarked(): boolean;
  /** Has a caller truly reported the stored token, with no newer one stored since? */
  isReported(): boolean;
  onReport(): void;
  /** A caller reports some token. */
  onReported(): void;
  /** May no report of this token lead to a mint, since one did within the hour, and WeChat has not refused it since? */
  isReportTooMuch(value: string): boolean;
  /** WeChat was shown the token, and refused it or gave no verdict. */
  onDoubt(value: string): void;
  onCall(claim: MintClaim, isForced: boolean): void;
  /** A reporter was given the very token that it had reported at `askedAtMs`. */
  onGivenBack(handout: Handout, askedAtMs: number): void;
  onClaim(startedAtMs: number, offsetMs: number): void;
  /** An instance whose clock is wrong asks WeChat. */
  onSkewed(): void;
  /** Did one do so within the last minutes? What the document says of "lately" is wrong then. */
  isSkewed(): boolean;
  /** Of the clock that wrote this instant into a claim. */
  offsetOf(startedAtMs: number | null): number | undefined;
  onAnswer(result: SendResult): void;
  /** The token was handed out with this promise, in true time. */
  onHandout(handout: Handout, promisedUntilAtMs: number): void;
  /** The token was refused at `atMs`: finds the cause. */
  onDead(handout: Handout, atMs: number): Verdict;
  onUnanswered(why: string): void;
  /** Checks the promises of tokens that have become invalid since. */
  review(): void;
  /** The first of each rule, with what led to it. */
  violations(): readonly Violation[];
  /** How often each rule was broken. */
  counts(): Readonly<Record<string, number>>;
  /** Promises whose token died before the end of its `expires_in`, by cause: a caller may keep it until then. */
  brokenPromises(): Record<Verdict, number>;
}

interface SentryOptions {
  now(): number;
  trace: Trace;
  ledger: Ledger;
  dice: Dice;
  mintLimitPerDay: number;
}

const TRACE_LINES = 40;
const MOST_MENTIONS = 3;
const DAY_MS = 86_400_000;
const UTC_PLUS_8_MS = 8 * 3_600_000;
/** Clocks that are 2 minutes off count a mint near midnight to another day. */
const MIDNIGHT_BLUR_MS = 150_000;
/** Two clocks that are wrong differ by this at most. */
const MOST_APART_MS = 240_000;

export function createSentry({ now, trace, ledger, dice, mintLimitPerDay }: SentryOptions): Sentry {
  const first = new Map<string, Violation>();
  const counts: Record<string, number> = {};
  const flood = createFloodGauge(now, violate);
  const bounds = createBounds(now, violate);
  const brokenPromises = noVerdicts();
  const issued = createIssued(ledger, now, onBroken);
  const today = { day: 0, mints: 0 };
  let stored: Mint | null = null;
  const claimants = new Map<number, number>();
  let isMarked = false;
  let skewedAtMs = -Infinity;
  let isReported = false;
  let lastMintForReportAtMs = -Infinity;
  let doubted = { value: '', atMs: 0 };
  const newest = { token: 0, stable: 0 };

  function violate(rule: string, text: string): void {
    counts[rule] = (counts[rule] ?? 0) + 1;
    // A rule that is broken often would push its own cause out of the trace.
    if (counts[rule] <= MOST_MENTIONS) trace.add(`!!! ${rule}: ${text}`);
    if (!first.has(rule)) first.set(rule, { rule, atMs: now(), text, trace: trace.latest(TRACE_LINES) });
  }

  function onBroken(handout: Handout, atMs: number, verdict: Verdict): void {
    brokenPromises[verdict] += 1;
    if (verdict === 'avoidable') violate('promise', issued.describe(handout, atMs));
  }

  function countForTheDay(mint: Mint): void {
    const day = dayOf(now());
    if (day !== today.day) Object.assign(today, { day, mints: 0 });
    const sinceMidnightMs = (now() + UTC_PLUS_8_MS) % DAY_MS;
    const isNearMidnight = Math.min(sinceMidnightMs, DAY_MS - sinceMidnightMs) < MIDNIGHT_BLUR_MS;
    // WeChat refused these.
    if (mint.isDenied || isNearMidnight) return;
    today.mints += 1;
    if (today.mints > mintLimitPerDay) violate('limit', `${today.mints} mints in a day`);
  }

  /** R3: while an earlier mint of ours is unsettled, a second one would kill the token that callers hold. */
  function checkHold({ claim, number, atMs, api }: Mint): void {
    if (claim === null || claim.isAnsweringReport || claim.isRequested || claim.isModeChange) return;
    if (stored?.api !== 'token' || api !== 'token') return;
    const unsettled = ledger.mints
      .slice(stored.number, number - 1)
      .flatMap((mint) =>
        mint.claim === null || mint.api !== 'token' || mint.isDenied || isLate(mint)
          ? []
          : mint.claim.startedAtMs,
      );
    const sinceAtMs = Math.min(claim.unsettledSinceAtMs ?? Infinity, ...unsettled);
    if (claim.startedAtMs - sinceAtMs >= HOLD_MS || unsettled.length === 0) return;
    // By the clocks of the instances that promised and of the one that minted; their difference is judged elsewhere.
    const isPromised = issued.promisedUntilAtMs(stored) > claim.startedAtMs;
    if (!isPromised || ledger.deathAtMs(stored) < atMs) return;
    const heldForMs = claim.startedAtMs - sinceAtMs;
    violate(
      'hold',
      `token ${number} was asked for ${heldForMs} ms after an unsettled mint, and killed token ${stored.number}`,
    );
  }

  return {
    onWritten(before, after) {
      const was = before === null ? null : (before as unknown as TokenRecord);
      const is = after as unknown as TokenRecord;
      if (was !== null && !(is.version > was.version)) violate('version', `${was.version} → ${is.version}`);
      if (is.token?.value === was?.token?.value) {
        if (isMark(was, is)) trace.add(`token ${stored?.number} is marked by a late holder`);
        isMarked ||= isMark(was, is);
        return;
      }
      const mint = is.token === null ? undefined : ledger.find(is.token.value);
      if (mint === undefined || mint.number < newest[mint.api])
        return violate('older', `token ${stored?.number} was replaced by token ${mint?.number ?? 'none'}`);
      newest[mint.api] = mint.number;
      ledger.store(mint, now());
      stored = mint;
      isMarked = is.unsettledSinceAtMs !== null;
      isReported = false;
      trace.add(`token ${mint.number} is stored`);
    },
    onMint(mint) {
      countForTheDay(mint);
      if (mint.claim?.isAnsweringReport && !mint.isDenied) lastMintForReportAtMs = now();
      if (isLate(mint) || mint.claim?.isSettlingMark === true) return;
      checkHold(mint);
      if (mint.claim?.breach) violate('report', mint.claim.breach);
    },
    onClaim: (startedAtMs, offsetMs) => void claimants.set(startedAtMs, offsetMs),
    offsetOf: (startedAtMs) => (startedAtMs === null ? undefined : claimants.get(startedAtMs)),
    onSkewed: () => {
      skewedAtMs = now();
    },
    isSkewed: () => now() - skewedAtMs < MOST_APART_MS,
    isMarked: () => isMarked,
    isReported: () => isReported,
    onReport: () => {
      isReported = true;
    },
    onReported: bounds.onReported,
    isReportTooMuch(value) {
      const sinceMs = now() - lastMintForReportAtMs;
      // A holder that dies with the verdict leaves it open for as long as it counts.
      const isDoubtful = doubted.value === value && now() - doubted.atMs < 2 * NEWBORN_MS;
      return sinceMs < REPORT_TRUST_MS - MOST_APART_MS && !isDoubtful;
    },
    onDoubt(value) {
      doubted = { value, atMs: now() };
    },
    onCall: bounds.onCall,
    onGivenBack(handout, askedAtMs) {
      const mint = ledger.find(handout.value);
      if (mint === undefined) return;
      const slackMs = Math.max(CLAIM_MS, NEWBORN_MS) + skewMs(ledger, handout, mint);
      if (mint.confirmedAtMs >= askedAtMs - slackMs) return;
      const agoMs = askedAtMs - mint.confirmedAtMs;
      violate(
        'given back',
        `token ${mint.number} was given to its reporter; WeChat confirmed it ${agoMs} ms before`,
      );
    },
    onAnswer: flood.onAnswer,
    onHandout: issued.add,
    onDead(handout, atMs) {
      const verdict = judge(ledger, handout, atMs);
      if (verdict === 'avoidable') violate('dead token', issued.describe(handout, atMs));
      return verdict;
    },
    onUnanswered(why) {
      // A caller that reports too often has used up the daily limit for reports, as intended.
      if (dice.explanation() !== null || today.mints >= mintLimitPerDay * 0.9) return;
      violate('unanswered', `a request went unanswered in a well world: ${why}`);
    },
    review: issued.review,
    violations: () => [...first.values()],
    counts: () => counts,
    brokenPromises: () => brokenPromises,
  };
}

/** Written by an instance that lost its claim: its mint began earlier than any that the document has recorded. */
function isMark(was: TokenRecord | null, is: TokenRecord): boolean {
  if (was?.claim && is.claim?.id === was.claim.id)
    return is.claim.contestedSinceAtMs !== was.claim.contestedSinceAtMs;
  return (
    was !== null && is.claim === null && was.unsettledSinceAtMs === null && is.unsettledSinceAtMs !== null
  );
}

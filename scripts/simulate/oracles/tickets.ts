/**
 * The truth about one app's ticket, and what was promised of it. Which of two models WeChat follows is not published:
 * `A`: a ticket is good for 7200 s from each answer that has it; `B`: it dies when the next one comes.
 */

import { dayOf } from '../../../functions/_shared/token/backoff.ts';
import { KINDS } from '../../../functions/_shared/token/kinds.ts';
import { CLAIM_MS } from '../../../functions/_shared/token/policy.ts';
import type { TokenRecord } from '../../../functions/_shared/token/record.ts';
import { TICKET_WINDOW_MS } from '../../local/wechat/tickets.ts';
import type { StoredDocument } from '../memory-collection.ts';
import { createBreakerOracle } from './breaker.ts';
import type { BreakerOracle } from './breaker.ts';
import { TOLERATED_SKEW_MS } from './clocks.ts';
import type { Violate } from './violations.ts';

export const TICKET_MODELS = ['none', 'A', 'B'] as const;
export type TicketModel = Exclude<(typeof TICKET_MODELS)[number], 'none'>;

/** A ticket that a caller was given. */
export interface TicketHandout {
  value: string;
  atMs: number;
  /** When its `expires_in` is over. */
  untilAtMs: number;
  /** How far the clock of the instance that answered was off at the most. */
  skewMs: number;
  /** Nothing that is wrong with the world explains an old ticket. */
  isWell: boolean;
}

export interface TicketTotals {
  requests: number;
  answered: number;
  /** Answered with an errcode, or not at all. */
  unanswered: number;
  reports: number;
  /** Answers of WeChat that had a ticket. */
  fetches: number;
  mostFetchesPerDay: number;
  deadAtHandout: number;
  /** The longest time for which one caller may have gone on using a ticket that was dead. */
  longestHeldDeadMs: number;
}

export interface TicketOracle {
  totals: TicketTotals;
  /** An instance asks WeChat, with a clock that is so far off. */
  onAsked(offsetMs: number): void;
  /** What WeChat answers will be of no use, so that it is asked again. */
  onSpoiled(): void;
  onAnswer: BreakerOracle['onAnswer'];
  /** WeChat has answered with this ticket. */
  onReturned(value: string): void;
  onHandout(handout: TicketHandout): void;
  /** Would a page that is signed with it now be refused? */
  isDead(value: string, atMs: number): boolean;
  onReported(): void;
  /** A reporter was given the very ticket that it had reported at `askedAtMs`. */
  onGivenBack(handout: Pick<TicketHandout, 'value' | 'skewMs'>, askedAtMs: number): void;
  onWritten(before: StoredDocument | null, after: StoredDocument): void;
}

const LIFE_MS = 7_200_000;
const MINUTE_MS = 60_000;

/** Due at 30 minutes, a tick of 5 minutes, half a minute of tolerance, and rounding. */
const LONGEST_HELD_DEAD_MS = 36 * MINUTE_MS;
/** A minute more, where it is served from an instance's memory. */
const LONGEST_DEAD_MS = LONGEST_HELD_DEAD_MS + MINUTE_MS;

/** 48 in a day, and more where WeChat grants minutes only, or the one who asked dies or stands still. */
const MOST_FETCHES_PER_DAY = 100;

/** A token that is refused is reported, and no fault of the ticket's. */
const TOKEN_REFUSALS = [40001, 40014, 42001];

const ROUNDING_MS = 1_000;
/** For so long an answer may matter. */
const REMEMBERED_MS = 3 * 3_600_000;

export function createTicketOracle(
  { model, now }: { model: TicketModel; now(): number },
  violate: Violate,
): TicketOracle {
  const returned = new Map<string, { firstAtMs: number; lastAtMs: number }>();
  let asked: { atMs: number; offsetMs: number }[] = [];
  const today = { day: 0, fetches: 0, most: 0 };
  let reportedMinute = 0;
  const totals: TicketTotals = {
    requests: 0,
    answered: 0,
    unanswered: 0,
    reports: 0,
    fetches: 0,
    mostFetchesPerDay: 0,
    deadAtHandout: 0,
    longestHeldDeadMs: 0,
  };

  function enterDay(): void {
    const day = dayOf(now());
    if (day !== today.day) Object.assign(today, { day, fetches: 0, most: MOST_FETCHES_PER_DAY });
  }

  function deathAtMs(value: string): number {
    const { firstAtMs, lastAtMs } = returned.get(value) ?? { firstAtMs: -Infinity, lastAtMs: -Infinity };
    if (model === 'A') return lastAtMs + LIFE_MS;
    return (Math.floor(firstAtMs / TICKET_WINDOW_MS) + 1) * TICKET_WINDOW_MS;
  }

  /** An end was reckoned by one clock, and is looked at by another. */
  function toleranceMs({ skewMs }: Pick<TicketHandout, 'skewMs'>): number {
    const offsets = asked.map(({ offsetMs }) => Math.abs(offsetMs));
    return ROUNDING_MS + skewMs + Math.max(0, ...offsets);
  }

  function checkA(handout: TicketHandout): void {
    const overMs = handout.untilAtMs - deathAtMs(handout.value);
    if (overMs > toleranceMs(handout))
      violate('ticket promise', `a ticket was promised for ${seconds(overMs)} s longer than WeChat had`);
  }

  function checkB(handout: TicketHandout): void {
    const diedAtMs = deathAtMs(handout.value);
    const heldMs = handout.untilAtMs - Math.max(handout.atMs, diedAtMs);
    totals.longestHeldDeadMs = Math.max(totals.longestHeldDeadMs, heldMs);
    if (heldMs > LONGEST_HELD_DEAD_MS + toleranceMs(handout))
      violate('ticket promise', `a caller may hold a dead ticket for ${seconds(heldMs)} s`);
    const deadForMs = handout.atMs - diedAtMs;
    if (handout.isWell && deadForMs > LONGEST_DEAD_MS + toleranceMs(handout))
      violate('stale ticket', `a ticket was given out that had been dead for ${seconds(deadForMs)} s`);
  }

  return {
    totals,
    onAsked(offsetMs) {
      enterDay();
      // As in calls.ts: it breaks the spacing twice.
      if (Math.abs(offsetMs) > TOLERATED_SKEW_MS) today.most += 2;
      asked = [...asked.filter(({ atMs }) => now() - atMs < REMEMBERED_MS), { atMs: now(), offsetMs }];
    },
    onSpoiled() {
      enterDay();
      today.most += 1;
    },
    onAnswer: createBreakerOracle(now, violate, TOKEN_REFUSALS).onAnswer,
    onReturned(value) {
      enterDay();
      returned.set(value, { firstAtMs: returned.get(value)?.firstAtMs ?? now(), lastAtMs: now() });
      totals.fetches += 1;
      today.fetches += 1;
      totals.mostFetchesPerDay = Math.max(totals.mostFetchesPerDay, today.fetches);
      if (today.fetches > today.most)
        violate('fetches', `WeChat gave ${today.fetches} tickets in a day, and ${today.most} are explained`);
    },
    onHandout(handout) {
      if (deathAtMs(handout.value) <= handout.atMs) totals.deadAtHandout += 1;
      if (model === 'A') checkA(handout);
      else checkB(handout);
    },
    isDead: (value, atMs) => deathAtMs(value) <= atMs,
    onReported() {
      enterDay();
      const minute = Math.floor(now() / MINUTE_MS);
      if (minute !== reportedMinute) today.most += 1;
      reportedMinute = minute;
    },
    onGivenBack(handout, askedAtMs) {
      const agoMs = askedAtMs - (returned.get(handout.value)?.lastAtMs ?? -Infinity);
      const slackMs = KINDS.ticket.reportSpacingMs + CLAIM_MS + toleranceMs(handout);
      if (agoMs > slackMs)
        violate('given back', `a ticket was given to its reporter; WeChat had it ${seconds(agoMs)} s before`);
    },
    onWritten(before, after) {
      const [was, is] = [before, after] as unknown as [TokenRecord | null, TokenRecord];
      if (was !== null && !(is.version > was.version))
        violate('version', `ticket: ${was.version} → ${is.version}`);
    },
  };
}

const seconds = (ms: number): number => Math.round(ms / 1_000);

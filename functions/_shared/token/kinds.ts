/**
 * How a token, a stable token and a ticket differ: whether a new one ends the old one, when it is replaced, what reports
 * and calls count. Rules ask this table instead of comparing names.
 */

import {
  DUE_TOLERANCE_MS,
  HOLD_MS,
  LAST_CALL_MS,
  PROBE_SPACING_MS,
  READER_FLOOR_MS,
  SECOND_MS,
  TICK_MS,
} from './policy.ts';
import type { Api } from './record.ts';

interface Kind {
  /** What WeChat's answers and our messages call it. */
  noun: 'access_token' | 'ticket';
  /** Each call makes a new one and ends the one before: R3 protects that one, and a report is looked at before a call. */
  killsTheOneBefore: boolean;
  /** The policy's age counts. Else a call would return the same one until it is nearly over. */
  isReplacedByAge: boolean;
  /** A call can be told to make a new one (`force_refresh`). */
  isForceable: boolean;
  /** Its refusal looks like ten other faults: its reporter gets it back where WeChat can't be asked, and isn't counted. */
  isReportedByGuess: boolean;
  /** A call that returned the same one counts towards the day's limit. */
  countsEveryCall: boolean;
  /** Until when it may be promised, beside its own end. `dueAtMs`: when the timer replaces it. */
  promisedUntilMs(dueAtMs: number, readAtMs: number, nowMs: number): number;
  /** With less left, a reader replaces it by itself. */
  readerFloorMs: number;
  /** WeChat's answer to one report holds for so long. */
  acceptedForMs: number;
  /** Calls that answer reports are so far apart at least, over all instances; none where a probe comes first. */
  reportSpacingMs: number;
  /** Of the day's limit, so much is kept for the timer. */
  timerReserve: { most: number; oneIn: number };
  /** Why there is no more of it today, to others and to those who report. */
  whySpent: string;
  whySpentByReports: string;
  /** Its life where WeChat says none: long enough to be of use, short enough to be alive. */
  assumedLifeMs: number;
}

const TOO_OFTEN = 'find out who reports or mints so often, or raise it';
const TOKEN = {
  noun: 'access_token',
  isReportedByGuess: false,
  countsEveryCall: false,
  // The timer needs 13 or 14.
  timerReserve: { most: 30, oneIn: 10 },
  whySpent: `MINT_LIMIT_PER_DAY allows no more: ${TOO_OFTEN}`,
  whySpentByReports: `MINT_LIMIT_PER_DAY leaves no more to reports (its last part is kept for the timer): ${TOO_OFTEN}`,
} as const;
const TICKETS_SPENT =
  'a ticket has no more, or its last part is kept for the timer: find out who reports it so often';

export const KINDS: Readonly<Record<Api, Kind>> = {
  token: {
    ...TOKEN,
    killsTheOneBefore: true,
    isReplacedByAge: true,
    isForceable: false,
    promisedUntilMs: (dueAtMs, readAtMs) => Math.max(readAtMs, dueAtMs) + HOLD_MS,
    readerFloorMs: READER_FLOOR_MS,
    acceptedForMs: PROBE_SPACING_MS,
    reportSpacingMs: 0,
    assumedLifeMs: 600 * SECOND_MS,
  },
  stable: {
    ...TOKEN,
    killsTheOneBefore: false,
    isReplacedByAge: false,
    isForceable: true,
    promisedUntilMs: () => Infinity,
    readerFloorMs: LAST_CALL_MS,
    acceptedForMs: 0,
    reportSpacingMs: 15 * SECOND_MS,
    // It may have returned an older token, but none with less left.
    assumedLifeMs: 300 * SECOND_MS,
  },
  ticket: {
    noun: 'ticket',
    killsTheOneBefore: false,
    isReplacedByAge: true,
    isForceable: false,
    isReportedByGuess: true,
    countsEveryCall: true,
    // Nobody knows whether WeChat's next one ends it: no promise outlasts our own next call, but for a moment's use.
    promisedUntilMs: (dueAtMs, _, nowMs) =>
      Math.max(dueAtMs + TICK_MS + DUE_TOLERANCE_MS, nowMs + 20 * SECOND_MS),
    readerFloorMs: READER_FLOOR_MS,
    acceptedForMs: 60 * SECOND_MS,
    reportSpacingMs: 60 * SECOND_MS,
    // The timer needs 48.
    timerReserve: { most: 100, oneIn: 5 },
    whySpent: TICKETS_SPENT,
    whySpentByReports: TICKETS_SPENT,
    assumedLifeMs: 300 * SECOND_MS,
  },
};

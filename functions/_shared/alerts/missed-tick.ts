/**
 * The note by which a silent timer is found out without a heartbeat: whoever had to refresh in the timer's place
 * leaves it in the app's document, the next tick takes it away, and one that is still there after 15 minutes tells
 * that no tick has come.
 */

import { MOST_SKEW_MS } from '../token/policy.ts';

/** Of the document, an instant. */
export const MISSED_TICK = 'missedTickAtMs';

const SILENT_MS = 15 * 60_000;

/** Since when a tick is missing; null where there is no note, or one that is damaged. */
export function missedSince(document: Record<string, unknown>, nowMs: number): number | null {
  const noted = document[MISSED_TICK];
  const isInstant = typeof noted === 'number' && Number.isInteger(noted) && noted >= 0;
  return isInstant && noted <= nowMs + MOST_SKEW_MS ? noted : null;
}

export function isSilent(sinceAtMs: number | null, nowMs: number): sinceAtMs is number {
  return sinceAtMs !== null && nowMs - sinceAtMs >= SILENT_MS;
}

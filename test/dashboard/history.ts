/** Two ordinary days of a token and what disturbed them, always the same: for the pictures, and for what a page shows. */

import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';

const MINUTE_MS = 60_000;
const CADENCE_MS = 110 * MINUTE_MS;

interface Happening extends Partial<HistoryEntry> {
  /** Since the one before. */
  afterMinutes: number;
}

const ORDINARY: Happening = { afterMinutes: 110 };
const HAPPENINGS: Happening[] = [
  ...Array.from({ length: 8 }, () => ORDINARY),
  // WeChat was busy, then it answered nothing; the third tick succeeded.
  { ...ORDINARY, outcome: 'refused', errcode: -1, rid: '6921a3f0-1b2c3d4e-5f607182', tookMs: 1_450 },
  { afterMinutes: 5, outcome: 'unknown', errcode: 503, tookMs: 2_000 },
  { afterMinutes: 5 },
  ...Array.from({ length: 6 }, () => ORDINARY),
  // A caller's token was refused half an hour after its birth; later an operator asked for one.
  { afterMinutes: 34, reason: 'report', tookMs: 310, who: 'getAccessToken/b2e47d03' },
  ...Array.from({ length: 5 }, () => ORDINARY),
  { afterMinutes: 71, reason: 'manual', tookMs: 265 },
  ...Array.from({ length: 4 }, () => ORDINARY),
];

/** Oldest first; the last one at `lastAtMs`. */
export function twoDays(lastAtMs: number): HistoryEntry[] {
  const wholeMs = HAPPENINGS.reduce((sum, { afterMinutes }) => sum + afterMinutes * MINUTE_MS, 0);
  let [atMs, mintedAtMs] = [lastAtMs - wholeMs, lastAtMs - wholeMs - CADENCE_MS];
  const entries: HistoryEntry[] = [];
  for (const { afterMinutes, ...told } of [{ afterMinutes: 0 }, ...HAPPENINGS]) {
    atMs += afterMinutes * MINUTE_MS;
    const entry = { ...usual(entries.length), ...told, atMs, gapMs: atMs - mintedAtMs };
    if (entry.outcome === 'minted') mintedAtMs = atMs;
    entries.push(entry);
  }
  return entries;
}

function usual(index: number): Omit<HistoryEntry, 'atMs' | 'gapMs'> {
  return {
    reason: 'timer',
    outcome: 'minted',
    errcode: 0,
    rid: null,
    tookMs: 180 + ((index * 67) % 140),
    who: 'refreshAccessToken/5f0c91aa',
  };
}

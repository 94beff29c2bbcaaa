/** The last refreshes as the functions wrote them down; what can't be read is left out. */

import * as z from 'zod';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';

const Entry = z.object({
  atMs: z.number(),
  reason: z.string(),
  outcome: z.enum(['minted', 'refused', 'unknown', 'lost']),
  errcode: z.number(),
  rid: z.string().nullable(),
  tookMs: z.number(),
  gapMs: z.number().nullable(),
  who: z.string(),
});

/** Oldest first, as stored. */
export function readHistory(stored: unknown): HistoryEntry[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry) => {
    const result = Entry.safeParse(entry);
    return result.success ? [result.data] : [];
  });
}

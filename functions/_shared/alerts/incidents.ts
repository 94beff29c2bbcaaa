/**
 * The incident book: what has been said and not yet recovered, one for all apps and instances.
 *
 * It stands in the document of the first configured app, beside the token's record, and has a stamp of its own to
 * compare with: neither's writes make the other's fail.
 */

import * as z from 'zod/mini';

const KINDS = [
  'refreshFailing',
  'configurationError',
  'mintLimitNear',
  'foreignMinter',
  'timerSilent',
] as const;

export type Kind = (typeof KINDS)[number];

export interface Incident {
  appid: string;
  kind: Kind;
  sinceAtMs: number;
}

export interface Book {
  /** Exactly as stored, damaged or not: what a write compares with. `undefined`: there is none. */
  stamp: unknown;
  /** When the webhook was last called. */
  saidAtMs: number;
  open: readonly Incident[];
}

/** Reads the book from the document it stands in; a damaged one counts as empty and is written anew by the next alert. */
export function readBook(document: Record<string, unknown>): Book {
  const stored = document['incidents'];
  const stamp = typeof stored === 'object' && stored !== null && 'stamp' in stored ? stored.stamp : undefined;
  const read = book.safeParse(stored);
  return read.success ? { ...read.data, stamp } : { stamp, saidAtMs: 0, open: [] };
}

/** The timer is one for all apps, so is its silence. */
export function isSame(a: Incident, b: Incident): boolean {
  return a.kind === b.kind && (a.kind === 'timerSilent' || a.appid === b.appid);
}

/** 40 apps of 5 kinds. */
const MOST_OPEN = 200;
const LONGEST_APPID = 128;

const instant = z.number().check(z.int(), z.gte(0), z.lte(8_640_000_000_000_000));
const incident = z.object({
  appid: z.string().check(z.maxLength(LONGEST_APPID)),
  kind: z.enum(KINDS),
  sinceAtMs: instant,
});
const book = z.object({ saidAtMs: instant, open: z.array(incident).check(z.maxLength(MOST_OPEN)) });

/**
 * The incident schema: what has been said and not yet recovered, one for all apps and instances.
 *
 * It stands in the document of the first configured app, beside the token's record, and has a stamp of its own to
 * compare with: neither's writes make the other's fail.
 */

import * as z from 'zod/mini';
import { MISSED_TICK } from './missed-tick.ts';

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

export interface OpenIncidents {
  /** When the webhook was last called. */
  sentAtMs: number;
  open: readonly Incident[];
}

/** Of the document, the schema. */
const FIELD = 'incidents';

/** What the alerts keep beside the record: without alerts it stays in the database. */
export const ALERT_FIELDS = [FIELD, MISSED_TICK];

/** A book and what a write that replaces it compares with. */
export interface StoredIncidents extends OpenIncidents {
  basis: Readonly<Record<string, unknown>>;
  /** Could not be read: it counts as empty, and the next alert writes it anew. */
  isDamaged: boolean;
}

export function readOpenIncidents(document: Record<string, unknown>): StoredIncidents {
  const stored = document[FIELD];
  if (stored === undefined) return { sentAtMs: 0, open: [], basis: basisOf(undefined), isDamaged: false };
  const read = schema.safeParse(stored);
  if (!read.success) return { sentAtMs: 0, open: [], basis: { [FIELD]: stored }, isDamaged: true };
  const { stamp, sentAtMs, open } = read.data;
  return { sentAtMs, open: readIncidents(open), basis: basisOf(stamp), isDamaged: false };
}

/** `stamp`: of whoever wrote the book last, unique. `undefined`: there is none. */
export function basisOf(stamp: string | undefined): Record<string, unknown> {
  return { [`${FIELD}.stamp`]: stamp };
}

/** Was the book in this document written with this stamp? */
export function isStamped(document: Record<string, unknown>, stamp: string): boolean {
  const stored = document[FIELD];
  return typeof stored === 'object' && stored !== null && 'stamp' in stored && stored.stamp === stamp;
}

/** What a write puts in the document. */
export function written(stamp: string, { sentAtMs, open }: OpenIncidents): Record<string, unknown> {
  return { [FIELD]: { stamp, sentAtMs, open } };
}

/** The timer is one for all apps, so is its silence. */
export function isSame(a: Incident, b: Incident): boolean {
  return a.kind === b.kind && (a.kind === 'timerSilent' || a.appid === b.appid);
}

/** Far more than 40 apps have kinds. */
const MOST_OPEN = 1_000;
const LONGEST_APPID = 128;
const LONGEST_STAMP = 100;

const instant = z.number().check(z.int(), z.gte(0), z.lte(8_640_000_000_000_000));
const incident = z.object({
  appid: z.string().check(z.maxLength(LONGEST_APPID)),
  kind: z.enum(KINDS),
  sinceAtMs: instant,
});
const schema = z.object({
  stamp: z.string().check(z.maxLength(LONGEST_STAMP)),
  sentAtMs: instant,
  open: z.array(z.unknown()),
});

/** One that can't be read, such as a later version's, costs no more than itself. */
function readIncidents(stored: readonly unknown[]): Incident[] {
  return stored.slice(0, MOST_OPEN).flatMap((one) => {
    const read = incident.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

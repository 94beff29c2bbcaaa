/**
 * The open incidents: what an alert was sent about and has not recovered yet, one list for all apps and instances.
 *
 * They are in the document of the first configured app, beside the token's record, and are compared by a stamp of
 * their own: neither's writes make the other's fail.
 */

import * as z from 'zod/mini';
import { MINUTE_MS, MOST_SKEW_MS } from '../token/policy.ts';
import { instant } from '../store/document-fields.ts';
import { INCIDENTS, MISSED_TICK } from '../store/document.ts';

const KINDS = [
  'refreshFailing',
  'configurationError',
  'mintLimitNear',
  'foreignMinter',
  'reportsRefuted',
  'timerSilent',
  'outsideSilent',
] as const;

export type Kind = (typeof KINDS)[number];
/** The ticks that are meant to come, from the timer or from outside, don't. */
export type SilentKind = Extract<Kind, `${string}Silent`>;

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

/** The open incidents, and what a write that replaces them compares with. */
export interface StoredIncidents extends OpenIncidents {
  basis: Readonly<Record<string, unknown>>;
  /** Could not be read: it counts as empty, and the next alert replaces it. */
  isDamaged: boolean;
}

export function readOpenIncidents(document: Record<string, unknown>): StoredIncidents {
  const stored = document[INCIDENTS];
  if (stored === undefined) return { sentAtMs: 0, open: [], basis: basisOf(undefined), isDamaged: false };
  const read = schema.safeParse(stored);
  if (!read.success) return { sentAtMs: 0, open: [], basis: { [INCIDENTS]: stored }, isDamaged: true };
  const { stamp, sentAtMs, open } = read.data;
  return { sentAtMs, open: readIncidents(open), basis: basisOf(stamp), isDamaged: false };
}

/** `stamp`: of the last write, unique. `undefined`: there is none. */
export function basisOf(stamp: string | undefined): Record<string, unknown> {
  return { [`${INCIDENTS}.stamp`]: stamp };
}

/** Were the incidents in this document written with this stamp? */
export function isStamped(document: Record<string, unknown>, stamp: string): boolean {
  const stored = document[INCIDENTS] as { stamp?: unknown } | null | undefined;
  return stored?.stamp === stamp;
}

/** What a write puts in the document. */
export function written(stamp: string, { sentAtMs, open }: OpenIncidents): Record<string, unknown> {
  return { [INCIDENTS]: { stamp, sentAtMs, open } };
}

/** A tick is one for all apps, so is its absence. */
export function isSilence(kind: Kind): kind is SilentKind {
  return kind === 'timerSilent' || kind === 'outsideSilent';
}

export function isSame(a: Incident, b: Incident): boolean {
  return a.kind === b.kind && (isSilence(a.kind) || a.appid === b.appid);
}

/** Far more than 40 apps have kinds. */
const MOST_OPEN = 1_000;
const LONGEST_APPID = 128;
const LONGEST_STAMP = 100;

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

const SILENT_MS = 15 * MINUTE_MS;

/**
 * Since when a tick is missing; null where the field is absent or damaged. It detects missing ticks without a heartbeat:
 * a reader that must refresh sets it, the next tick clears it.
 */
export function missedSince(document: Record<string, unknown>, nowMs: number): number | null {
  const noted = instant.safeParse(document[MISSED_TICK]);
  return noted.success && noted.data <= nowMs + MOST_SKEW_MS ? noted.data : null;
}

export function isSilent(sinceAtMs: number | null, nowMs: number): sinceAtMs is number {
  return sinceAtMs !== null && nowMs - sinceAtMs >= SILENT_MS;
}

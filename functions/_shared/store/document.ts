/** The shape of a stored document, and the way from it to the core's record and back. */

import * as z from 'zod/mini';
import { emptyRecord, LONGEST_TOKEN, TOKEN_TEXT } from '../token/record.ts';
import type { StoredToken, TokenRecord } from '../token/record.ts';

/** As stored; all but `kid` in base64. */
export interface SealedValue {
  /** Which key: the beginning of its SHA-256, which reveals nothing about it. */
  kid: string;
  iv: string;
  tag: string;
  data: string;
}

export type Opened = { ok: true; value: string } | { ok: false; why: string };

export interface TokenCipher {
  /** The value as it is stored: in clear where no key is configured. */
  seal(appid: string, value: string): string | SealedValue;
  open(appid: string, stored: string | SealedValue): Opened;
}

/** Without a key nothing is sealed, and what is sealed stays closed. */
export const inClear: TokenCipher = {
  seal: (_appid, value) => value,
  open: (_appid, stored) =>
    typeof stored === 'string'
      ? { ok: true, value: stored }
      : { ok: false, why: 'sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold' },
};

export const COLLECTION = 'wx_access_tokens';

/** What alerts/ keeps in a document beside the record; without alerts it stays in the database. */
export const INCIDENTS = 'incidents';
export const MISSED_TICK = 'missedTickAtMs';
export const ALERT_FIELDS = [INCIDENTS, MISSED_TICK];

/** Raised when the meaning of a field changes, so that a later version knows what it reads. */
const SCHEMA = 1;

/** What is written besides `_id`. `writer` is unique per write: by it a write whose answer was lost is recognised. */
export type TokenDocument = Omit<TokenRecord, 'token'> & {
  schema: number;
  writer: string;
  token: (Omit<StoredToken, 'value'> & { value: string | SealedValue }) | null;
};

/** More than is ever written: a sealed token is a third longer than the token. */
const LONGEST_TEXT = 4_096;
/** It is in answers and logs. */
const LONGEST_ERRMSG = 1_000;
const text = z.string().check(z.maxLength(LONGEST_TEXT));
export const instant = z.number().check(z.int(), z.gte(0), z.lte(8_640_000_000_000_000));
/** Ten times what any setting allows in a day: more was not counted, and must not stop the mints until midnight. */
const counter = z.number().check(z.int(), z.gte(0), z.lte(1_000_000));
/** Fields that came later: documents written before them are sound. */
// oxlint-disable-next-line no-underscore-dangle -- zod/mini's own name
const absentIs = z._default;
const nullable = <T extends z.ZodMiniType>(schema: T) => z.nullable(schema);

/** Each field is read on its own: damage to one costs no more than that one. */
const fields = {
  token: nullable(
    z.object({
      value: z.union([
        z.string().check(z.minLength(1), z.maxLength(LONGEST_TOKEN), z.regex(TOKEN_TEXT)),
        z.object({ kid: text, iv: text, tag: text, data: text }),
      ]),
      api: z.enum(['token', 'stable']),
      mintedAtMs: instant,
      expiresAtMs: instant,
    }),
  ),
  claim: nullable(
    z.object({
      id: z.string(),
      startedAtMs: instant,
      untilAtMs: instant,
      unsettledBeforeAtMs: nullable(instant),
      contestedSinceAtMs: nullable(instant),
    }),
  ),
  unsettledSinceAtMs: nullable(instant),
  unknownSinceAtMs: absentIs(nullable(instant), null),
  backoff: nullable(
    z.object({
      owner: z.enum(['transient', 'quota', 'configuration']),
      // 0 would be a success without a token.
      errcode: z.number().check(
        z.int(),
        z.refine((errcode) => errcode !== 0),
      ),
      errmsg: z.string().check(z.maxLength(LONGEST_ERRMSG)),
      advice: z.optional(z.string().check(z.maxLength(LONGEST_ERRMSG))),
      failures: counter.check(z.gte(1)),
      sinceAtMs: instant,
      retryAtMs: instant,
      fingerprint: text,
    }),
  ),
  mints: z.object({ day: z.number().check(z.int()), count: counter }),
  learnedLimit: absentIs(nullable(counter), null),
  refusedAtMs: z.array(instant).check(z.maxLength(100)),
  verdict: absentIs(
    nullable(
      z.object({
        id: text,
        atMs: instant,
        outcome: z.enum(['pending', 'accepted', 'refused', 'unknown']),
      }),
    ),
    null,
  ),
  reports: absentIs(
    z.object({
      lastAtMs: instant,
      source: nullable(text),
      refutedAtMs: z.array(instant).check(z.maxLength(100)),
    }),
    emptyRecord.reports,
  ),
  manualRefresh: absentIs(
    nullable(
      z.object({
        requestedAtMs: instant,
        mintsLeft: z.number().check(z.int(), z.gte(0), z.lte(2)),
        isLeak: z.boolean(),
      }),
    ),
    null,
  ),
  forces: absentIs(
    z.object({
      day: z.number().check(z.int()),
      count: counter,
      lastAtMs: instant,
    }),
    emptyRecord.forces,
  ),
};

/** Far from where counting on gives the same number again. */
const version = z.number().check(z.int(), z.gte(1), z.lte(8_640_000_000_000_000));

/** Reads what is stored, field by field; `damaged` names those that count as absent, with the reason if there is one. */
export function fromDocument(
  stored: Record<string, unknown>,
  appid: string,
  cipher: TokenCipher,
): { record: TokenRecord; damaged: string[] } {
  const damaged: string[] = [];
  const read = <T>(name: string, schema: z.ZodMiniType<T>, fallback: T): T => {
    const result = schema.safeParse(stored[name]);
    if (!result.success) damaged.push(name);
    return result.success ? result.data : fallback;
  };
  const open = (sealed: TokenDocument['token']): StoredToken | null => {
    if (sealed === null) return null;
    const opened = cipher.open(appid, sealed.value);
    if (!opened.ok) damaged.push(`token (${opened.why})`);
    return opened.ok ? { ...sealed, value: opened.value } : null;
  };
  const record: TokenRecord = {
    version: read('version', version, emptyRecord.version),
    token: open(read('token', fields.token, null)),
    claim: read('claim', fields.claim, null),
    // A damaged value may have meant an early expiry: the token counts as expired, and is replaced.
    unsettledSinceAtMs: read('unsettledSinceAtMs', fields.unsettledSinceAtMs, 0),
    unknownSinceAtMs: read('unknownSinceAtMs', fields.unknownSinceAtMs, null),
    backoff: read('backoff', fields.backoff, null),
    mints: read('mints', fields.mints, emptyRecord.mints),
    learnedLimit: read('learnedLimit', fields.learnedLimit, null),
    refusedAtMs: read('refusedAtMs', fields.refusedAtMs, []),
    verdict: read('verdict', fields.verdict, null),
    reports: read('reports', fields.reports, emptyRecord.reports),
    manualRefresh: read('manualRefresh', fields.manualRefresh, null),
    forces: read('forces', fields.forces, emptyRecord.forces),
  };
  return { record, damaged };
}

export function toDocument(
  record: TokenRecord,
  writer: string,
  appid: string,
  cipher: TokenCipher,
): TokenDocument {
  const { token } = record;
  const sealed = token && { ...token, value: cipher.seal(appid, token.value) };
  return { ...record, token: sealed, schema: SCHEMA, writer };
}

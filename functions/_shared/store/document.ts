/** The shape of a stored document, and the way from it to the core's record and back. */

import type * as z from 'zod/mini';
import { emptyRecord } from '../token/record.ts';
import type { StoredToken, TokenRecord } from '../token/record.ts';
import { fields } from './document-fields.ts';
import { FORMAT, requireKnown } from './format.ts';
import type { SealedValue, TokenCipher } from './sealed.ts';

export const COLLECTION = 'wx_access_tokens';
/** A document for each ticket, of the same shape. */
export const TICKETS_COLLECTION = 'wx_tickets';

/** What alerts/ keeps in a document beside the record; without alerts it stays in the database. */
export const INCIDENTS = 'incidents';
export const MISSED_TICK = 'missedTickAtMs';
export const ALERT_FIELDS = [INCIDENTS, MISSED_TICK];

/** What is written besides `_id`. `writer` is unique per write: by it a write whose answer was lost is recognised. */
export type TokenDocument = Omit<TokenRecord, 'token'> & {
  schema: number;
  writer: string;
  token: (Omit<StoredToken, 'value'> & { value: string | SealedValue }) | null;
};

/**
 * Reads what is stored, field by field; `damaged` names those that count as absent, with the reason if there is one.
 * Throws a TokenError where a newer version has written it.
 */
export function fromDocument(
  stored: Record<string, unknown>,
  appid: string,
  cipher: TokenCipher,
): { record: TokenRecord; damaged: string[] } {
  requireKnown(stored);
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
    version: read('version', fields.version, emptyRecord.version),
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
  return { ...record, token: sealed, schema: FORMAT, writer };
}

/** The shape of a stored document, and the way from it to the core's record and back. */

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
  const open = (sealed: TokenDocument['token']): StoredToken | null => {
    if (sealed === null) return null;
    const opened = cipher.open(appid, sealed.value);
    if (!opened.ok) damaged.push(`token (${opened.why})`);
    return opened.ok ? { ...sealed, value: opened.value } : null;
  };
  const read = (name: keyof typeof fields): unknown => {
    const result = fields[name].safeParse(stored[name]);
    if (!result.success) damaged.push(name);
    const value = result.success ? result.data : absent[name];
    return name === 'token' ? open(value as TokenDocument['token']) : value;
  };
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const record = Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as TokenRecord;
  return { record, damaged };
}

/** A damaged value may have meant an early expiry: the token counts as expired, and is replaced. */
const absent: TokenRecord = { ...emptyRecord, unsettledSinceAtMs: 0 };

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

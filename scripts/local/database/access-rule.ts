/**
 * What a mini program may do with a collection: the four simple rules of the console. Pure. An owner is who has added
 * the document; the platform writes that into `_openid`.
 * https://docs.cloudbase.net/database/data-permission (read 2026-11-28)
 */

import * as z from 'zod';
import { Refusal } from '../gateway/refusal.ts';

/** Nobody; all read; all read and owners write; owners read and write. */
export const AccessRule = z.enum(['ADMINONLY', 'ADMINWRITE', 'READONLY', 'PRIVATE']);
export type AccessRule = z.output<typeof AccessRule>;

/** Of a collection that nobody has given another one, as DevTools makes it. */
export const DEFAULT_RULE: AccessRule = 'PRIVATE';

type Body = Record<string, unknown>;

/** The body of the same action, narrowed to what this user may do. Throws what the SDK is told where that is nothing. */
export function underRule(rule: AccessRule, openid: string, action: string, body: Body): Body {
  const isRead = action === 'database.getDocument' || action === 'database.calculateDocument';
  if (rule === 'ADMINONLY' || (rule === 'ADMINWRITE' && !isRead)) throw denied(action);
  if (isRead) return rule === 'PRIVATE' ? { ...body, query: ofOwner(body['query'], openid) } : body;
  if (action === 'database.insertDocument')
    return { ...body, data: [body['data']].flat().map((text) => owned(text, openid)) };
  const query = ofOwner(body['query'], openid);
  if (action === 'database.removeDocument') return { ...body, query };
  if (body['merge'] === false) return { ...body, query, data: owned(body['data'], openid) };
  for (const fields of Object.values(parse(body['data']))) refuseOwner(Object(fields) as Body);
  return { ...body, query };
}

/** Extended JSON is JSON: nothing of it needs to be understood here. */
function ofOwner(query: unknown, openid: string): string {
  const asked = query === undefined ? {} : parse(query);
  const isFree = !Object.hasOwn(asked, '_openid');
  return JSON.stringify(isFree ? { ...asked, _openid: openid } : { $and: [asked, { _openid: openid }] });
}

function owned(text: unknown, openid: string): string {
  const document = parse(text);
  refuseOwner(document);
  return JSON.stringify({ ...document, _openid: openid });
}

function refuseOwner(fields: Body): void {
  if (Object.keys(fields).some((name) => name.split('.')[0] === '_openid'))
    throw new Refusal('INVALID_PARAM', 'Invalid Key Name: _openid');
}

function parse(text: unknown): Body {
  try {
    return Object(JSON.parse(String(text))) as Body;
  } catch {
    throw new Refusal('INVALID_PARAM', 'a query or a document is no JSON');
  }
}

function denied(action: string): Refusal {
  return new Refusal('DATABASE_PERMISSION_DENIED', `${action}: permission denied by the collection's rule`);
}

/** What the assumptions about the database share: documents to try them on, races, and what an answer says. */

import { pick } from '../command/language.ts';
import type { Seen } from './assumption.ts';
import type { ProveDatabase } from './database.ts';

/** A new document with these fields; its id. */
export async function stored(database: ProveDatabase, fields: object): Promise<string> {
  const id = database.newId();
  await database.add({ _id: id, ...fields });
  return id;
}

export function documentsOf(answer: unknown): Record<string, unknown>[] {
  const { data } = answer as { data?: unknown };
  return Array.isArray(data) ? (data as Record<string, unknown>[]) : [];
}

export function countOf(answer: unknown, name: 'updated' | 'deleted'): number | string {
  const count = (answer as Record<string, unknown> | null)?.[name];
  return typeof count === 'number' ? count : 'none';
}

/** Null where it succeeds. */
export function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => null,
    (error: unknown) => error,
  );
}

export function notRefused(): Seen {
  return { holds: false, seen: pick({ en: 'it was not refused', zh: '没有被拒绝' }) };
}

/** As many as a busy moment has. */
export const AT_ONCE = 20;

export const TWO_MINTERS = {
  en: 'two instances may mint for one app and end each other’s tokens: do not deploy here, and report it',
  zh: '两个实例可能同时为一个应用获取 token，并互相使对方的 token 作废：请不要在这里部署，并提 issue',
};

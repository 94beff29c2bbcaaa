/** Fields that several actions of the wire protocol share. */

import { z } from 'zod';
import { parseEjson } from '../database/document.ts';
import type { Storage } from '../storage/storage.ts';
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';

/** Queries, orders, projections and updates travel as extended JSON inside a string. */
export const ejson = z.string().transform((text) => parseEjson(text));
export const collectionName = z.string().min(1);
/** The SDKs leave the query out when it is empty. */
export const query = ejson.optional().transform((value) => value ?? {});
export const transactionId = z.string().optional();

export function storageOf({ action, storage, origin }: Call): { storage: Storage; origin: string } {
  if (storage !== undefined) return { storage, origin };
  throw new Refusal('ACTION_NOT_SUPPORTED', `${action}: this gateway was started without storage`);
}

/** Fields that several actions of the wire protocol share. */

import * as z from 'zod';
import { parseEjson } from '../database/document.ts';
import { LONGEST_PATH_BYTES, type Storage } from '../storage/storage.ts';
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';

/** Queries, orders, projections and updates travel as extended JSON inside a string. */
export const ejson = z.string().transform((text) => parseEjson(text));
export const collectionName = z.string().min(1);
/** The SDKs leave the query out when it is empty. */
export const query = ejson.optional().transform((value) => value ?? {});
export const transactionId = z.string().optional();

/**
 * As many as CloudBase takes at once.
 * https://developers.weixin.qq.com/minigame/dev/wxcloud/reference-client-api/storage/getTempFileURL.html (read 2026-11-22)
 */
export const MOST_FILES = 50;

export const cloudPath = z
  .string()
  .min(1)
  .refine((path) => Buffer.byteLength(path) <= LONGEST_PATH_BYTES)
  // An address with such a path would lead elsewhere once a client has tidied it up.
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'));

export function storageOf({ action, storage, origin }: Call): { storage: Storage; origin: string } {
  if (storage !== undefined) return { storage, origin };
  throw new Refusal('ACTION_NOT_SUPPORTED', `${action}: this gateway was started without storage`);
}

/** `update(…)` (`merge`: operators on what is there) and `doc(id).set(…)` (whole new content, inserted if missing). */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { collectionName, ejson, query, transactionId } from '../fields.ts';

const BODY = z.object({
  collectionName,
  query,
  data: ejson,
  multi: z.boolean().default(false),
  merge: z.boolean().default(true),
  upsert: z.boolean().default(false),
  transactionId,
});

export const modifyDocument: Action = async (call) => {
  const {
    collectionName: name,
    query: wanted,
    data,
    multi,
    merge,
    upsert,
    transactionId: id,
  } = readBody(BODY, call);
  const update = { query: wanted, update: data, multi, upsert, replace: !merge };
  const { matched, modified, upsertedId } = await call.database.collection(name).update(update, id);
  // `update` counts changes, not matches: a compare-and-swap that writes what is there already counts 0.
  // `set` of what is there already counts 1: node-sdk's own tests say so.
  return { data: { updated: merge ? modified : matched, matched, upsert_id: upsertedId ?? '' } };
};

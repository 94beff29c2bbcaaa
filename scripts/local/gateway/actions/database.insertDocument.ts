/** `collection.add(…)` and `doc(id).create(…)`: all of the documents or, if an `_id` is taken, none. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { collectionName, ejson, transactionId } from '../fields.ts';

const BODY = z.object({ collectionName, data: z.array(ejson), transactionId });

export const insertDocument: Action = async (call) => {
  const body = readBody(BODY, call);
  const insertedIds = await call.database
    .collection(body.collectionName)
    .insert(body.data, body.transactionId);
  return { data: { insertedIds } };
};

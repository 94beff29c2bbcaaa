/** `doc(id).remove()` and `where(…).remove()`. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { collectionName, query, transactionId } from '../fields.ts';

const BODY = z.object({ collectionName, query, multi: z.boolean().default(false), transactionId });

export const removeDocument: Action = async (call) => {
  const body = readBody(BODY, call);
  const collection = call.database.collection(body.collectionName);
  return { data: { deleted: await collection.remove(body.query, body.multi, body.transactionId) } };
};

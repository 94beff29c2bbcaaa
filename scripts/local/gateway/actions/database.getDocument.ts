/** `doc(id).get()` and `where(…).get()`: documents as extended JSON, at most 1000 of them. */

import * as z from 'zod';
import { printForSdk } from '../../database/document.ts';
import { readBody, type Action } from '../call.ts';
import { collectionName, ejson, query, transactionId } from '../fields.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

const BODY = z.object({
  collectionName,
  queryType: z.enum(['DOC', 'WHERE']),
  query,
  order: ejson.optional(),
  projection: ejson.optional(),
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().nonnegative().optional(),
  transactionId,
});

export const getDocument: Action = (call) => {
  const body = readBody(BODY, call);
  const limit = body.queryType === 'DOC' ? 1 : Math.min(body.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
  const { query: wanted, order, projection, offset } = body;
  const found = call.database
    .collection(body.collectionName)
    .find({ query: wanted, order, projection, offset, limit }, body.transactionId);
  return { data: { list: found.map(printForSdk), limit, offset } };
};

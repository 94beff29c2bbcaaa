/** `where(…).count()`. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { collectionName, query, transactionId } from '../fields.ts';

const BODY = z.object({ collectionName, query, transactionId });

export const calculateDocument: Action = (call) => {
  const body = readBody(BODY, call);
  return {
    data: { total: call.database.collection(body.collectionName).count(body.query, body.transactionId) },
  };
};

/** `where(…).updateAndReturn(…)`: updates the first match and answers with what it is now. */

import * as z from 'zod';
import { printForSdk } from '../../database/document.ts';
import { readBody, type Action } from '../call.ts';
import { collectionName, ejson, query, transactionId } from '../fields.ts';

const BODY = z.object({ collectionName, query, data: ejson, transactionId });

export const modifyAndReturnDoc: Action = async (call) => {
  const body = readBody(BODY, call);
  const found = await call.database
    .collection(body.collectionName)
    .updateAndReturn({ query: body.query, update: body.data }, body.transactionId);
  // Unlike in modifyDocument, `updated` counts the match, also when nothing changed: node-sdk's own tests say so.
  return { data: found ? { updated: 1, doc: printForSdk(found) } : { updated: 0, doc: null } };
};

/** `db.createCollection(name)`: collections exist only once somebody created them. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { collectionName } from '../fields.ts';

const BODY = z.object({ collectionName });

export const addCollection: Action = (call) => {
  call.database.createCollection(readBody(BODY, call).collectionName);
  return {};
};

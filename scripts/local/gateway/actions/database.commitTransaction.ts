/** `transaction.commit()`. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';

const BODY = z.object({ transactionId: z.string() });

export const commitTransaction: Action = (call) => {
  call.database.commitTransaction(readBody(BODY, call).transactionId);
  return {};
};

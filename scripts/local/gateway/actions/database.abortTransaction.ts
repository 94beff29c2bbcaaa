/** `transaction.rollback()`, which the SDK also sends after a conflict that already ended the transaction. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';

const BODY = z.object({ transactionId: z.string() });

export const abortTransaction: Action = (call) => {
  call.database.abortTransaction(readBody(BODY, call).transactionId);
  return {};
};

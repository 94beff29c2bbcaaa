/** `db.startTransaction()`: the id stands at the top level of the answer, unlike every other result. */

import type { Action } from '../call.ts';

export const startTransaction: Action = (call) => ({ transactionId: call.database.startTransaction() });

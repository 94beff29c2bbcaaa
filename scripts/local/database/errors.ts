/** What the database refuses with: the codes and texts that the CloudBase SDKs hand to their callers. */

import type { ObjectId } from 'bson';

export class DatabaseError extends Error {
  override name = 'DatabaseError';
  code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Operation = 'Insert' | 'Find' | 'Update' | 'Delete';

export function collectionMissing(collection: string): DatabaseError {
  return new DatabaseError(
    'DATABASE_COLLECTION_NOT_EXIST',
    `[ResourceNotFound] Db or Table not exist: ${collection}. Please check your request, but if the problem cannot be solved, contact us.`,
  );
}

/** The code and the text are assumptions: no record of the real answer was found. */
export function collectionExists(collection: string): DatabaseError {
  return new DatabaseError('DATABASE_COLLECTION_ALREADY_EXIST', `[ResourceExist] Table exist: ${collection}`);
}

/** MongoDB's own sentence in the wrapping that CloudBase gives to a failed write. */
export function requestFailed(operation: Operation, reason: string): DatabaseError {
  return new DatabaseError(
    'DATABASE_REQUEST_FAILED',
    `[FailedOperation.${operation}] multiple write errors: [{write errors: [{${reason}}]}, {<nil>}]. ${CONTACT}`,
  );
}

export function duplicateKey(collection: string, id: string | number | ObjectId): DatabaseError {
  return requestFailed(
    'Insert',
    `E11000 duplicate key error collection: tnt-local.${collection} index: _id_ dup key: { : ${showId(id)} }`,
  );
}

/** As MongoDB prints an ObjectId; it prints the other ids as JSON does. */
function showId(id: string | number | ObjectId): string {
  return typeof id === 'object' ? `ObjectId('${id.toHexString()}')` : JSON.stringify(id);
}

/** MongoDB's code 14031 without the disk's own figures; how CloudBase words a full environment was not found. */
export function databaseFull(maxBytes: number): DatabaseError {
  return requestFailed('Insert', `OutOfDiskSpace: the database has reached its limit of ${maxBytes} bytes`);
}

export function transactionConflict(): DatabaseError {
  return new DatabaseError(
    TRANSACTION_CONFLICT,
    `[ResourceUnavailable.TransactionConflict] Transaction is conflict, maybe resource operated by others. ${CONTACT}`,
  );
}

export function transactionMissing(): DatabaseError {
  return new DatabaseError(
    'DATABASE_TRANSACTION_FAIL',
    `[ResourceUnavailable.TransactionNotExist] Transaction does not exist on the server, transaction must be commit or abort in 30 seconds. ${CONTACT}`,
  );
}

/** The one code that makes the SDK run a transaction again. */
export const TRANSACTION_CONFLICT = 'DATABASE_TRANSACTION_CONFLICT';

const CONTACT = 'Please check your request, but if the problem persists, contact us.';

/** Every action of the wire protocol that the embedded cloud carries out. */

import type { Action } from '../call.ts';
import { abortTransaction } from './database.abortTransaction.ts';
import { addCollection } from './database.addCollection.ts';
import { aggregateDocuments } from './database.aggregateDocuments.ts';
import { calculateDocument } from './database.calculateDocument.ts';
import { commitTransaction } from './database.commitTransaction.ts';
import { getDocument } from './database.getDocument.ts';
import { insertDocument } from './database.insertDocument.ts';
import { modifyAndReturnDoc } from './database.modifyAndReturnDoc.ts';
import { modifyDocument } from './database.modifyDocument.ts';
import { removeDocument } from './database.removeDocument.ts';
import { startTransaction } from './database.startTransaction.ts';
import { invokeFunction } from './functions.invokeFunction.ts';
import { batchGetDownloadUrl } from './storage.batchGetDownloadUrl.ts';
import { getUploadMetadata } from './storage.getUploadMetadata.ts';

export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    'database.abortTransaction': abortTransaction,
    'database.addCollection': addCollection,
    'database.aggregateDocuments': aggregateDocuments,
    'database.calculateDocument': calculateDocument,
    'database.commitTransaction': commitTransaction,
    'database.getDocument': getDocument,
    'database.insertDocument': insertDocument,
    'database.modifyAndReturnDoc': modifyAndReturnDoc,
    'database.modifyDocument': modifyDocument,
    'database.removeDocument': removeDocument,
    'database.startTransaction': startTransaction,
    'functions.invokeFunction': invokeFunction,
    'storage.batchGetDownloadUrl': batchGetDownloadUrl,
    'storage.getUploadMetadata': getUploadMetadata,
  }),
);

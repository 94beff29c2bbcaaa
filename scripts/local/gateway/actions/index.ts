/** Every action of the SDKs' wire protocol, and what the embedded cloud does for it. */

import type { Action } from '../call.ts';
import { abortTransaction } from './database.abortTransaction.ts';
import { addCollection } from './database.addCollection.ts';
import { report } from './analytics.report.ts';
import { getUserInfoForAdmin } from './auth.getUserInfoForAdmin.ts';
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
import { notHere, NOT_HERE } from './not-here.ts';
import { batchCopyFile } from './storage.batchCopyFile.ts';
import { batchDeleteFile } from './storage.batchDeleteFile.ts';
import { batchGetDownloadUrl } from './storage.batchGetDownloadUrl.ts';
import { getFileAuthority } from './storage.getFileAuthority.ts';
import { openApi } from './wx.openApi.ts';
import { getUploadMetadata } from './storage.getUploadMetadata.ts';

/** Those that are carried out. */
export const CARRIED_OUT: Readonly<Record<string, Action>> = {
  'analytics.report': report,
  'auth.getUserInfoForAdmin': getUserInfoForAdmin,
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
  'storage.batchCopyFile': batchCopyFile,
  'storage.batchDeleteFile': batchDeleteFile,
  'storage.batchGetDownloadUrl': batchGetDownloadUrl,
  'storage.getFileAuthority': getFileAuthority,
  'storage.getUploadMetadata': getUploadMetadata,
  'wx.openApi': openApi,
};

export const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ...Object.entries(NOT_HERE).map(([action, reason]) => [action, notHere(action, reason)] as const),
  ...Object.entries(CARRIED_OUT),
]);

/** The table of docs/embedded-cloud.md: every action that the server SDKs send, and its state here. */

import { markdownTable } from 'markdown-table';
import { CARRIED_OUT } from './index.ts';
import { NOT_HERE } from './not-here.ts';

/** The call of the SDKs that sends an action. */
const CALLS: Readonly<Record<string, string>> = {
  'analytics.report': 'analytics()',
  'auth.getUserInfoForAdmin': 'auth().getEndUserInfo(uid), queryUserInfo()',
  'auth.wsWebSign': 'watch()',
  'database.abortTransaction': 'transaction.rollback()',
  'database.addCollection': 'createCollection()',
  'database.aggregateDocuments': 'aggregate().end()',
  'database.calculateDocument': 'count()',
  'database.commitTransaction': 'transaction.commit()',
  'database.getDocument': 'get()',
  'database.insertDocument': 'add(), create()',
  'database.modifyAndReturnDoc': 'updateAndReturn()',
  'database.modifyDocument': 'update(), set()',
  'database.removeDocument': 'remove()',
  'database.startTransaction': 'startTransaction(), runTransaction()',
  'functions.invokeFunction': 'callFunction()',
  'storage.batchCopyFile': 'copyFile()',
  'storage.batchDeleteFile': 'deleteFile()',
  'storage.batchGetDownloadUrl': 'getTempFileURL(), downloadFile(), getFileInfo()',
  'storage.getFileAuthority': 'getFileAuthority()',
  'storage.getUploadMetadata': 'uploadFile(), getUploadMetadata()',
  'wx.api': 'callWxOpenApi()',
  'wx.openApi': 'cloud.openapi.*, cloud.getOpenData(), callCompatibleWxOpenApi()',
  'wx.wxCallContainerApi': 'cloud.callContainer()',
  'wx.wxPayApi': 'cloud.cloudPay.*, callWxPayApi()',
};

export function actionsTable(): string {
  const here = Object.keys(CARRIED_OUT).map((action) => [action, 'yes'] as const);
  const missing = Object.entries(NOT_HERE).map(([action, why]) => [action, `no: ${why}`] as const);
  const rows = [...here, ...missing]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([action, state]) => [`\`${action}\``, `\`${CALLS[action] ?? '?'}\``, state]);
  return markdownTable([['action', 'call', 'here'], ...rows]);
}

/** `deleteFile({ fileList })`: the fate of each file. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { MOST_FILES, storageOf } from '../fields.ts';

const BODY = z.object({ fileid_list: z.array(z.string()).max(MOST_FILES) });

export const batchDeleteFile: Action = (call) => {
  const { storage } = storageOf(call);
  const list = readBody(BODY, call).fileid_list.map((fileID) => {
    const path = storage.pathOf(fileID);
    const isGone = path !== null && storage.remove(path);
    return { fileID, code: isGone ? 'SUCCESS' : 'STORAGE_FILE_NONEXIST' };
  });
  return { data: { delete_list: list } };
};

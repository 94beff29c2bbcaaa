/** `getTempFileURL({ fileList })`: an address for each file, or why there is none. */

import * as z from 'zod';
import { downloadUrl } from '../../storage/bucket.ts';
import { readBody, type Action } from '../call.ts';
import { MOST_FILES, storageOf } from '../fields.ts';

/**
 * As long as CloudBase's addresses live at most, and unless asked otherwise.
 * https://developers.weixin.qq.com/minigame/dev/wxcloud/reference-client-api/storage/getTempFileURL.html (read 2026-11-22)
 */
const LONGEST_SECONDS = 24 * 60 * 60;

const BODY = z.object({
  file_list: z
    .array(z.object({ fileid: z.string(), max_age: z.number().positive().optional() }))
    .max(MOST_FILES),
});

export const batchGetDownloadUrl: Action = (call) => {
  const { storage, origin } = storageOf(call);
  const list = readBody(BODY, call).file_list.map(
    ({ fileid: fileID, max_age: seconds = LONGEST_SECONDS }) => {
      const path = storage.pathOf(fileID);
      if (path === null || !storage.has(path))
        return { fileID, code: 'STORAGE_FILE_NONEXIST', tempFileURL: '' };
      const untilMs = call.nowMs + Math.min(seconds, LONGEST_SECONDS) * 1_000;
      return { fileID, code: 'SUCCESS', tempFileURL: downloadUrl(origin, path, storage, untilMs) };
    },
  );
  return { data: { download_list: list } };
};

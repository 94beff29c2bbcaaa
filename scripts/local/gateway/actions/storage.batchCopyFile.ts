/** `copyFile({ fileList })`: copies by path, each on its own; `overwrite` and `removeOriginal` as the caller says. */

import * as z from 'zod';
import type { Storage } from '../../storage/storage.ts';
import { readBody, type Action } from '../call.ts';
import { cloudPath, MOST_FILES, storageOf } from '../fields.ts';

const COPY = z.object({
  src_path: z.string(),
  dst_path: cloudPath,
  overwrite: z.boolean().default(true),
  remove_original: z.boolean().default(false),
});
const BODY = z.object({ file_list: z.array(COPY).max(MOST_FILES) });

export const batchCopyFile: Action = (call) => {
  const { storage } = storageOf(call);
  const list = readBody(BODY, call).file_list.map((file) => ({
    fileId: storage.fileIdOf(file.dst_path),
    code: copy(storage, file),
  }));
  return { data: { copy_list: list } };
};

function copy(storage: Storage, file: z.output<typeof COPY>): string {
  const bytes = storage.read(file.src_path);
  if (bytes === null) return 'STORAGE_FILE_NONEXIST';
  if (!file.overwrite && storage.has(file.dst_path)) return 'STORAGE_FILE_EXIST';
  if (!storage.write(file.dst_path, bytes)) return 'STORAGE_EXCEED_CAPACITY';
  if (file.remove_original) storage.remove(file.src_path);
  return 'SUCCESS';
}

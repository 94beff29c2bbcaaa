/** `getFileAuthority({ fileList })`: whether the user may read or write each file. Here everybody may do everything. */

import * as z from 'zod';
import { readBody, type Action } from '../call.ts';
import { storageOf } from '../fields.ts';

const BODY = z.object({ fileList: z.array(z.object({ path: z.string(), type: z.string() })) });

export const getFileAuthority: Action = (call) => {
  storageOf(call);
  const data = readBody(BODY, call).fileList.map(({ path, type }) => ({
    path,
    type,
    cosFileId: Buffer.from(path).toString('base64url'),
    read: true,
    write: true,
  }));
  return { data };
};

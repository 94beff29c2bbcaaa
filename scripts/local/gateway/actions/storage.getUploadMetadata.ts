/** `uploadFile({ cloudPath })`, first half: where the file is to be put, and what the upload has to show there. */

import * as z from 'zod';
import { authorizationFor, uploadUrl } from '../../storage/bucket.ts';
import { readBody, type Action } from '../call.ts';
import { cloudPath, storageOf } from '../fields.ts';

const UPLOAD_MS = 15 * 60_000;

const BODY = z.object({ path: cloudPath });

export const getUploadMetadata: Action = (call) => {
  const { storage, origin } = storageOf(call);
  const { path } = readBody(BODY, call);
  const fileId = storage.fileIdOf(path);
  const authorization = authorizationFor(path, storage, call.nowMs + UPLOAD_MS);
  // It travels in a header, which takes no Chinese.
  const cosFileId = Buffer.from(fileId).toString('base64url');
  return { data: { url: uploadUrl(origin, path), token: 'local', authorization, fileId, cosFileId } };
};

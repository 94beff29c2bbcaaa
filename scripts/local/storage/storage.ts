/**
 * Cloud storage of the embedded cloud: file ids, and addresses that are good for one path, one purpose and a while.
 * As the SDKs use it: getUploadMetadata, then a PUT to the address it names; batchGetDownloadUrl, then a GET.
 */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CloudClock } from '../clock.ts';
import { openFiles, type Files } from './files.ts';

export interface Storage extends Pick<Files, 'has' | 'read' | 'write' | 'remove'> {
  fileIdOf(path: string): string;
  /** Null: no id of this storage. */
  pathOf(fileId: string): string | null;
  /** Proves, until then, that whoever shows it may do this with this path. */
  sign(purpose: Purpose, path: string, untilMs: number): string;
  isSigned(purpose: Purpose, path: string, untilMs: number, signature: string): boolean;
  close(): void;
}

type Purpose = 'put' | 'get';

export interface StorageOptions {
  envId: string;
  clock: CloudClock;
  /** Undefined: for this process only. */
  folder: string | undefined;
  mostBytes?: number;
}

/** As the object store behind CloudBase bounds its keys. */
export const LONGEST_PATH_BYTES = 850;

export function openStorage({ envId, clock, folder, mostBytes }: StorageOptions): Storage {
  const { close, ...files } = openFiles(folder, mostBytes);
  const start = `cloud://${envId}.local-bucket/`;
  const key = randomBytes(32);
  const sign = (purpose: Purpose, path: string, untilMs: number): string =>
    createHmac('sha256', key).update(`${purpose} ${untilMs} ${path}`).digest('hex');
  return {
    ...files,
    fileIdOf: (path) => start + path,
    pathOf: (fileId) => (fileId.startsWith(start) ? fileId.slice(start.length) : null),
    sign,
    isSigned(purpose, path, untilMs, signature) {
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(purpose, path, untilMs))];
      return clock.now() < untilMs && given.length === right.length && timingSafeEqual(given, right);
    },
    close,
  };
}

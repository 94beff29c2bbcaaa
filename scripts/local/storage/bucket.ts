/** The addresses that the embedded cloud's storage hands out: PUT takes a file, GET and HEAD give it back. */

import type { HttpAnswer, HttpRequest } from '../http-server.ts';
import type { Purpose, Storage } from './storage.ts';

/** Before the path of a file. */
const START = '/storage/';

export function isForBucket({ path }: HttpRequest): boolean {
  return path.startsWith(START);
}

/** `origin`: of the server that answers. Not encoded: the SDKs do that themselves before they ask. */
export function downloadUrl(origin: string, path: string, { sign }: Storage, untilMs: number): string {
  return `${origin}${START}${path}?sign=${sign('get', path, untilMs)}&t=${untilMs}`;
}

/** Encoded: the SDKs ask for it as it is. */
export function uploadUrl(origin: string, path: string): string {
  return origin + START + path.split('/').map(encodeURIComponent).join('/');
}

/** What an upload has to show in its `authorization`. */
export function authorizationFor(path: string, { sign }: Storage, untilMs: number): string {
  return `${untilMs}.${sign('put', path, untilMs)}`;
}

export function answerBucket(request: HttpRequest, storage: Storage): HttpAnswer {
  const path = decoded(request.path.slice(START.length));
  const isPut = request.method === 'PUT';
  if (path === null || !isAllowed(request, path, isPut ? 'put' : 'get', storage))
    return failure(403, 'AccessDenied', 'no such address, or it has expired');
  if (isPut) {
    if (storage.write(path, request.body)) return { status: 200 };
    return failure(507, 'QuotaExceeded', 'the storage of the embedded cloud is full');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return failure(405, 'MethodNotAllowed', 'no');
  const bytes = storage.read(path);
  if (bytes === null) return failure(404, 'NoSuchKey', 'there is no such file');
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: bytes };
}

function isAllowed(
  { headers, query }: HttpRequest,
  path: string,
  purpose: Purpose,
  storage: Storage,
): boolean {
  const asked = new URLSearchParams(query);
  const shown =
    purpose === 'put' ? (headers.authorization ?? '') : `${asked.get('t') ?? ''}.${asked.get('sign') ?? ''}`;
  const [untilMs = '', signature = ''] = shown.split('.');
  return storage.isSigned(purpose, path, Number(untilMs), signature);
}

/** In the shape of the object store, whose every field the SDKs read. */
function failure(status: number, code: string, message: string): HttpAnswer {
  const body = `<?xml version='1.0' encoding='utf-8' ?><Error><Code>${code}</Code><Message>${message}</Message><Resource/><RequestId>local</RequestId><TraceId>local</TraceId></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

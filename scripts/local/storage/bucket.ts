/** The addresses that the embedded cloud's storage hands out: PUT or a form takes a file, GET and HEAD give it back. */

import type { HttpAnswer, HttpRequest } from '../http-server.ts';
import { readForm } from '../multipart.ts';
import type { Storage } from './storage.ts';

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

/** What an upload has to show. */
export function authorizationFor(path: string, { sign }: Storage, untilMs: number): string {
  return `${untilMs}.${sign('put', path, untilMs)}`;
}

export function answerBucket(request: HttpRequest, storage: Storage): HttpAnswer {
  const path = decoded(request.path.slice(START.length));
  const upload = readUpload(request);
  const [untilMs = '', signature = ''] = (upload?.shown ?? shownIn(request.query)).split('.');
  if (path === null || !storage.isSigned(upload ? 'put' : 'get', path, Number(untilMs), signature))
    return failure(403, 'AccessDenied', 'no such address, or it has expired');
  if (upload) {
    if (upload.bytes === undefined) return failure(400, 'InvalidArgument', 'the form has no field file');
    if (storage.write(path, upload.bytes)) return { status: 200 };
    return failure(507, 'QuotaExceeded', 'the storage of the embedded cloud is full');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return failure(405, 'MethodNotAllowed', 'no');
  const bytes = storage.read(path);
  if (bytes === null) return failure(404, 'NoSuchKey', 'there is no such file');
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: bytes };
}

/** Version 3 of the SDKs puts the file; a form with the same signature is sent by version 2. */
function readUpload({
  method,
  headers,
  body,
}: HttpRequest): { shown: string; bytes: Buffer | undefined } | undefined {
  if (method === 'PUT') return { shown: headers.authorization ?? '', bytes: body };
  if (method !== 'POST') return undefined;
  const bytesOf = (name: string): Buffer | undefined =>
    readForm(headers['content-type'], body)?.find(({ field }) => field === name)?.bytes;
  return { shown: bytesOf('Signature')?.toString() ?? '', bytes: bytesOf('file') };
}

function shownIn(query: string): string {
  const asked = new URLSearchParams(query);
  return `${asked.get('t') ?? ''}.${asked.get('sign') ?? ''}`;
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

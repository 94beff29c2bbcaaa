/** WeChat's wire format: HTTP 200 for everything, compact JSON under a mistaken content type, a `rid` on each error. */

import { randomBytes } from 'node:crypto';
import { parseJson } from '../../../functions/_shared/json.ts';
import type { HttpAnswer, HttpRequest } from '../http-server.ts';
import type { Refusal } from './errcodes.ts';

/** As WeChat sends it: `encoding`, where the standard says `charset`. */
export const JSON_TYPE = 'application/json; encoding=utf-8';

export function jsonAnswer(body: object, status = 200): HttpAnswer {
  return { status, headers: { 'Content-Type': JSON_TYPE }, body: JSON.stringify(body) };
}

/** An errcode answer; every error text ends in a rid, success has none. */
export function errcodeAnswer({ errcode, errmsg }: Refusal, nowMs: number, separator = ' '): HttpAnswer {
  const rid = errcode === 0 ? '' : `${separator}rid: ${createRid(nowMs)}`;
  return jsonAnswer({ errcode, errmsg: errmsg + rid });
}

/** The same answer, named text where it is an error. */
export function withTextErrors(answer: HttpAnswer): HttpAnswer {
  const isJson = answer.headers?.['Content-Type'] === JSON_TYPE;
  if (!isJson || !('errcode' in asRecord(bodyAsJson(Buffer.from(answer.body ?? ''))))) return answer;
  return { ...answer, headers: { ...answer.headers, 'Content-Type': 'text/plain' } };
}

/** WeChat answers a chunked POST with 412 and nothing else; a POST without any body is no such one. */
export function isChunkedPost({ method, headers }: HttpRequest): boolean {
  return method === 'POST' && headers['transfer-encoding'] !== undefined;
}

/** The body as JSON; undefined when it is none. */
export function bodyAsJson(body: Buffer): unknown {
  return parseJson(body.toString());
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What isn't a JSON object is read as an empty one: WeChat then misses the appid. */
export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The first group is the call's Unix time in hex: read from answers whose time WeChat's staff named. */
function createRid(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0');
  return `${seconds}-${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`;
}

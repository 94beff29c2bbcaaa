/**
 * What CloudBase HTTP access hands to a function, and what it makes an HTTP answer of.
 * https://docs.cloudbase.net/service/access-cloud-function (read 2026-11-22)
 */

import { readCaller } from '../_shared/runtime/caller.ts';

export interface HttpRequest {
  method: string;
  path: string;
  query: Record<string, unknown>;
  body: string;
}

export interface HttpResponse {
  isBase64Encoded: false;
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** The answers go by WeChat's own mistaken type (`encoding`, not `charset`); no cache on the way may keep a token. */
const HEADERS = { 'content-type': 'application/json; encoding=utf-8', 'cache-control': 'no-store' };

/** Null when nobody came by HTTP: a mini program may send an event that looks like it, but then has an OPENID. */
export function readHttp(event: unknown, context: unknown): HttpRequest | null {
  if (typeof event !== 'object' || event === null || readCaller(event, context).hasOpenid) return null;
  const { httpMethod, path, queryStringParameters, body, isBase64Encoded } = event as Record<string, unknown>;
  if (typeof httpMethod !== 'string' || typeof path !== 'string') return null;
  return {
    method: httpMethod.toUpperCase(),
    path,
    query: asRecord(queryStringParameters),
    body: readBody(body, isBase64Encoded === true),
  };
}

export function respond(body: object, statusCode = 200): HttpResponse {
  return { isBase64Encoded: false, statusCode, headers: HEADERS, body: JSON.stringify(body) };
}

export function asRecord(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : {};
}

/** Ours are under 400 bytes; what is longer is read as empty, and then misses the appid. */
const LONGEST_BODY = 8_192;

function readBody(body: unknown, isBase64: boolean): string {
  if (typeof body !== 'string' || body.length > LONGEST_BODY) return '';
  return isBase64 ? Buffer.from(body, 'base64').toString('utf8') : body;
}

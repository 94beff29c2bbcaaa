/** What an answer of WeChat is: a refusal, JSON, or a file. Told by content, since its Content-Type is not reliable. */

import type { Answer } from './exchange.ts';
import { readJson } from './json.ts';

export type Reading =
  | { kind: 'refused'; errcode: number; errmsg: string }
  | { kind: 'status'; status: number }
  | { kind: 'json'; value: unknown }
  | { kind: 'file' };

/** The codes that mean "get another token". Only at the top level: a text may quote any of them. */
export function isTokenRefused(errcode: unknown): boolean {
  const code = toErrcode(errcode);
  return code === 40001 || code === 40014 || code === 42001;
}

export function readAnswer({ status, bytes }: Answer): Reading {
  const value = looksLikeJson(bytes) ? readJson(textOf(bytes)) : undefined;
  const { errcode, errmsg } = Object(value) as { errcode?: unknown; errmsg?: unknown };
  const code = toErrcode(errcode);
  if (code !== undefined && code !== 0)
    return { kind: 'refused', errcode: code, errmsg: typeof errmsg === 'string' ? errmsg : '' };
  if (status < 200 || status > 299) return { kind: 'status', status };
  return value === undefined ? { kind: 'file' } : { kind: 'json', value };
}

/** Some of WeChat's systems send the code as text. */
function toErrcode(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
}

const BOM = [0xef, 0xbb, 0xbf];
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** The first sign is a brace or a bracket: no image, sound or video begins with one. */
function looksLikeJson(bytes: Buffer): boolean {
  const first = bytes.subarray(bomLength(bytes)).find((byte) => !SPACES.has(byte));
  return first === 0x7b || first === 0x5b;
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8', bomLength(bytes));
}

function bomLength(bytes: Buffer): number {
  return BOM.every((byte, at) => bytes[at] === byte) ? BOM.length : 0;
}

/** What an answer of WeChat is: a refusal, JSON, or a file. Told by content, since its Content-Type is not reliable. */

import type { Answer } from './exchange.ts';

export type Reading =
  | { kind: 'refused'; errcode: number; errmsg: string }
  | { kind: 'json'; value: unknown }
  | { kind: 'file' };

/** The codes that mean "get another token". Only as a top-level number: a text may quote any of them. */
export function isTokenRefused(errcode: unknown): boolean {
  return errcode === 40001 || errcode === 40014 || errcode === 42001;
}

export function readAnswer({ status, bytes }: Answer): Reading {
  const value = looksLikeJson(bytes) ? parse(bytes.toString('utf8')) : undefined;
  const { errcode, errmsg } = Object(value) as { errcode?: unknown; errmsg?: unknown };
  if (typeof errcode === 'number' && errcode !== 0)
    return { kind: 'refused', errcode, errmsg: typeof errmsg === 'string' ? errmsg : '' };
  if (status < 200 || status > 299)
    return { kind: 'refused', errcode: status, errmsg: `HTTP status ${status}` };
  return value === undefined ? { kind: 'file' } : { kind: 'json', value };
}

const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** The first sign is a brace: no image, sound or video begins with one. */
function looksLikeJson(bytes: Buffer): boolean {
  const first = bytes.find((byte) => !SPACES.has(byte));
  return first === 0x7b || first === 0x5b;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseDirty(text);
  }
}

/** WeChat passes on control characters that users have put into their names. */
function parseDirty(text: string): unknown {
  try {
    // oxlint-disable-next-line no-control-regex
    return JSON.parse(text.replace(/[\u0000-\u001f\u007f]/g, ''));
  } catch {
    return undefined;
  }
}

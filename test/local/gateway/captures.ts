/** The recorded SDK traffic, and how two runs are compared: by shape and by every value that isn't new each time. */

import { readFileSync } from 'node:fs';

export interface RecordedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

export interface Capture {
  step: string;
  sdkResult?: unknown;
  sdkError?: unknown;
  wire: {
    at: string;
    request: RecordedRequest;
    response: { status: number; body?: Record<string, unknown> } | string | null;
  }[];
}

export function readCaptures(name: 'node-sdk-3.18.3' | 'wx-server-sdk-4.0.2'): Capture[] {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as Capture[];
}

/** Ids, instants and ports become their kind; the EJSON texts inside a response are compared as values. */
export function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize);
  if (value instanceof Date) return '<instant>';
  if (value instanceof RegExp) return { pattern: value.source, options: value.flags };
  if (typeof value === 'number') return value > 1.75e12 ? '<milliseconds>' : value;
  if (typeof value === 'string') return normalizeText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (hasOnlyKey(value, '$date')) return '<instant>';
  if (hasOnlyKey(value, '$regularExpression')) return normalize(Object.values(value)[0]);
  if (hasOnlyKey(value, '$numberLong')) return normalize(Number(Object.values(value)[0]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalize(item)]));
}

function normalizeText(text: string): unknown {
  if (/^\{.*\}$/s.test(text)) return normalize(JSON.parse(text));
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !text.startsWith('1970')) return '<instant>';
  if (text === '1970-01-01T00:00:00.000Z') return '<instant>';
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<hex32>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<host>')
    .replaceAll(/seqId=[0-9a-f]+_[0-9a-z]+/g, 'seqId=<seq>');
}

const hasOnlyKey = (value: object, key: string): boolean => Object.keys(value).length === 1 && key in value;

/** What the recording kept of an error that reached the SDK's caller. */
export function describeError(error: unknown): Record<string, unknown> {
  const { code, errCode, errMsg, requestId } = error as Record<string, unknown>;
  const isError = error instanceof Error;
  const described = {
    ctor: (error as object).constructor.name,
    isError,
    code,
    errCode,
    errMsg,
    message: isError ? error.message : undefined,
    requestId,
    keys: Object.keys(error as object),
  };
  return Object.fromEntries(Object.entries(described).filter(([, item]) => item !== undefined));
}

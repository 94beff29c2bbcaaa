/** Checks what callers pass in before anything is asked or sent: what can't be said in JSON or a URL is a TypeError. */

import { destroyStream } from './source.ts';
import type { Query } from './types.ts';

/** A whole URL is refused: the token would go wherever it points. */
export function toUrl(baseUrl: string, path: unknown, query: unknown): URL {
  refuseStream(path);
  if (typeof path !== 'string' || !path.startsWith('/'))
    throw new TypeError(
      'path must begin with a slash, such as /wxa/getwxacodeunlimit; the host is baseUrl’s',
    );
  const url = new URL(baseUrl + path);
  for (const [name, value] of Object.entries(readQuery(query))) {
    if (value !== undefined) url.searchParams.set(name, toText(value, `query.${name}`));
  }
  return url;
}

function readQuery(query: unknown): Query {
  if (query === undefined || query === null) return {};
  if (refuseStream(query) || tagOf(query) !== 'Object')
    throw new TypeError('query must be a plain object, such as { type: "image" }');
  return query as Query;
}

/** For a query or a text field of a form. */
export function toText(value: unknown, name: string): string {
  const isText = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint';
  if (isText || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  refuseStream(value);
  throw new TypeError(`${name} must be a string, a finite number or a boolean`);
}

/** A string is sent as it is, nothing at all as `{}`. */
export function toJsonBody(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '{}';
  const cause = notJson(body);
  if (cause !== undefined || typeof body !== 'object') throw wrongBody('body', cause ?? `a ${typeof body}`);
  return stringify(body);
}

/** An object as JSON; throws a TypeError that names the member which can't be said in it. */
export function stringify(body: object, name = 'body'): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(body, function (this: Record<string, unknown>, key, value: unknown) {
      // What was there before toJSON: that of a Buffer or a URL has hidden what it is.
      const cause = notJson(this[key]);
      if (cause !== undefined) throw new Unsayable(`${name}…${key}`, cause);
      return value;
    });
  } catch (error) {
    if (error instanceof Unsayable) throw wrongBody(error.member, error.message);
    throw wrongBody(name, 'a circle, or an object whose toJSON fails');
  }
  if (text === undefined || !/^[[{]/.test(text))
    throw wrongBody(name, `${tagOf(body)}, which is no object in JSON`);
  return text;
}

class Unsayable extends Error {
  readonly member: string;
  constructor(member: string, cause: string) {
    super(cause);
    this.member = member;
  }
}

function wrongBody(member: string, cause: string): TypeError {
  const files = 'for a file use upload(), for a text that is JSON already pass a string';
  return new TypeError(`${member} is ${cause}, and WeChat reads JSON: pass a plain object; ${files}`);
}

function notJson(value: unknown): string | undefined {
  if (typeof value === 'bigint') return 'a BigInt';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (isBytes(value)) return 'bytes';
  if (refuseStream(value)) return 'a stream';
  if (tagOf(value) === 'Date') return Number.isNaN(Number(value)) ? 'an invalid Date' : undefined;
  return hidesItsContent(value) ? `${tagOf(value)}, of which JSON says nothing` : undefined;
}

/** JSON would say `{}` of it, without a word: a Map, a FormData, a Headers … An Error keeps its message to itself, too. */
function hidesItsContent(value: object): boolean {
  if ('toJSON' in value || Array.isArray(value)) return false;
  return tagOf(value) === 'Error' || (Object.keys(value).length === 0 && !isPlain(value));
}

/** `{}` of any realm, or an object without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null || (Object.hasOwn(prototype as object, 'hasOwnProperty') && tagOf(value) === 'Object')
  );
}

export function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || tagOf(value) === 'ArrayBuffer';
}

/**
 * Whether it is a stream: Node's, or anything that is read piece by piece. One in the wrong place is destroyed, since
 * nobody listens to it: a file that isn't there would end the process.
 */
export function refuseStream(value: unknown): boolean {
  const { pipe, getReader, [Symbol.asyncIterator]: iterator } = Object(value) as Record<PropertyKey, unknown>;
  const isStream = [pipe, getReader, iterator].some((member) => typeof member === 'function');
  if (isStream) destroyStream(value);
  return isStream;
}

/** `Object` also for instances of classes; the same for objects of another realm. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** One file as multipart/form-data (RFC 7578), with its length known: WeChat answers a chunked POST with 412. */

import { randomBytes } from 'node:crypto';
import { isBytes, refuseStream, stringify, tagOf, toText } from './arguments.ts';
import type { Content } from './call.ts';
import { watch } from './source.ts';
import type { UploadFile } from './types.ts';

interface Checked {
  field: string;
  filename: string;
  contentType: string;
  fields: [name: string, value: string][];
}

/** Throws a TypeError that names the argument. `what`: what errors call the upload. */
export function toMultipart(file: UploadFile, what: string): Content {
  const checked = check(file);
  const boundary = `----cloudbase-access-token-${randomBytes(12).toString('hex')}`;
  const type = `multipart/form-data; boundary=${boundary}`;
  const head = Buffer.from(headOf(checked, boundary));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  if (!('stream' in file) || file.stream === undefined)
    return { type, body: Buffer.concat([head, toBytes((file as { data: unknown }).data), tail]) };
  const source = watch(file.stream, file.size, what);
  return {
    type,
    body: joined(head, source.read(), tail),
    source,
    length: head.length + file.size + tail.length,
  };
}

function check(file: UploadFile): Checked {
  const given = Object(file) as Partial<Record<string, unknown>>;
  const { field = 'media', filename, contentType = 'application/octet-stream', fields = {} } = given;
  if (typeof file !== 'object' || file === null || isBytes(file) || refuseStream(file))
    throw wrong('file', 'must be { filename, contentType, data } or { filename, contentType, stream, size }');
  [filename, contentType, field].forEach(refuseStream);
  if (typeof filename !== 'string' || filename === '')
    throw wrong('file.filename', 'must be a name, such as a.png');
  if (typeof contentType !== 'string' || !/^[\x20-\x7e]+$/.test(contentType))
    throw wrong('file.contentType', 'must be a type, such as image/png');
  if (typeof field !== 'string' || field === '') throw wrong('file.field', 'must be a name, such as media');
  if (tagOf(fields) !== 'Object') throw wrong('file.fields', 'must be a plain object of texts');
  checkContent(given);
  const texts = Object.entries(fields as object).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [[name, toField(value, name)] as [string, string]],
  );
  return { field, filename, contentType, fields: texts };
}

function checkContent({ data, stream, size }: Partial<Record<string, unknown>>): void {
  if ((data === undefined) === (stream === undefined))
    throw wrong('file', 'must have either data or stream, and not both');
  if (stream === undefined) {
    if (refuseStream(data)) throw wrong('file.data', 'is a stream: pass it as stream, with its size');
    if (typeof data !== 'string' && !isBytes(data)) throw wrong('file.data', 'must be bytes or a string');
    return;
  }
  const { [Symbol.asyncIterator]: iterator } = Object(stream) as Record<PropertyKey, unknown>;
  if (typeof iterator !== 'function') throw wrong('file.stream', 'must be a readable stream');
  if (!Number.isSafeInteger(size) || (size as number) < 0)
    throw wrong('file.size', 'must be the whole number of bytes in the stream');
}

/** A plain object goes as JSON: that is what WeChat wants in `description`. */
function toField(value: unknown, name: string): string {
  const isPlain = (tagOf(value) === 'Object' && !refuseStream(value)) || Array.isArray(value);
  return isPlain ? stringify(value as object, `file.fields.${name}`) : toText(value, `file.fields.${name}`);
}

function headOf({ field, filename, contentType, fields }: Checked, boundary: string): string {
  return [
    ...fields.map(([name, value]) => part(boundary, { name }, value)),
    part(boundary, { name: field, filename }, '', contentType),
  ].join('\r\n');
}

function part(boundary: string, names: Record<string, string>, value: string, contentType?: string): string {
  const quoted = Object.entries(names).map(([name, text]) => `; ${name}="${escape(text)}"`);
  const type = contentType === undefined ? '' : `\r\nContent-Type: ${contentType}`;
  return `--${boundary}\r\nContent-Disposition: form-data${quoted.join('')}${type}\r\n\r\n${value}`;
}

/** As browsers do: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function escape(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

function toBytes(data: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(data as ArrayBuffer);
}

async function* joined(head: Buffer, bytes: AsyncIterable<Uint8Array>, tail: Buffer) {
  yield head;
  yield* bytes;
  yield tail;
}

function wrong(name: string, rule: string): TypeError {
  return new TypeError(`upload(path, file): ${name} ${rule}`);
}

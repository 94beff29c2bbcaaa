/** One file as multipart/form-data (RFC 7578), with its length known: WeChat answers a chunked POST with 412. */

import { randomBytes } from 'node:crypto';
import type { Content } from './call.ts';
import type { UploadFile } from './types.ts';

export function toMultipart(file: UploadFile): Content {
  const boundary = `----cloudbase-access-token-${randomBytes(12).toString('hex')}`;
  const type = `multipart/form-data; boundary=${boundary}`;
  const head = Buffer.from(
    [
      ...Object.entries(file.fields ?? {}).map(([name, value]) => part(boundary, { name }, value)),
      part(boundary, { name: file.field ?? 'media', filename: file.filename }, '', file.contentType),
    ].join('\r\n'),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  if (!('stream' in file)) return { type, body: Buffer.concat([head, toBytes(file.data), tail]) };
  if (!Number.isSafeInteger(file.size) || file.size < 0)
    throw new TypeError('upload({ stream, size }): size must be the whole number of bytes in the stream');
  return {
    type,
    body: joined(head, file.stream, tail),
    streamLength: head.length + file.size + tail.length,
  };
}

function part(boundary: string, names: Record<string, string>, value: string, contentType?: string): string {
  const quoted = Object.entries(names).map(([name, text]) => `; ${name}="${escape(text)}"`);
  const type = contentType === undefined ? '' : `\r\nContent-Type: ${contentType.replace(/[\r\n]/g, '')}`;
  return `--${boundary}\r\nContent-Disposition: form-data${quoted.join('')}${type}\r\n\r\n${value}`;
}

/** As browsers do: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function escape(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

function toBytes(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}

async function* joined(head: Buffer, stream: AsyncIterable<Uint8Array>, tail: Buffer) {
  yield head;
  yield* stream;
  yield tail;
}

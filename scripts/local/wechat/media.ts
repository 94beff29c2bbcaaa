/** Pictures: the mini program’s own codes, and files that are uploaded and fetched again. */

import type { HttpAnswer } from '../http-server.ts';
import { readFormFile } from '../multipart.ts';
import { refuse } from './errcodes.ts';
import { errcodeAnswer, jsonAnswer } from './wire.ts';
import { isText, seconds, type Use } from './consumer-use.ts';

export function codeAnswer({ fields, nowMs }: Use): HttpAnswer {
  const { scene, page = '', width = 430 } = fields;
  if (!isText(scene) || !/^[\w!#$&'()*+,/:;=?@\-.~]{1,32}$/.test(scene))
    return errcodeAnswer(refuse(40129), nowMs);
  // Documented: no slash in front of the page.
  if (typeof page !== 'string' || page.startsWith('/')) return errcodeAnswer(refuse(41030), nowMs);
  if (typeof width !== 'number' || width < 280 || width > 1280) return errcodeAnswer(refuse(40097), nowMs);
  return { status: 200, headers: { 'Content-Type': 'image/jpeg' }, body: ONE_PIXEL_JPEG };
}

export function uploadAnswer({ query, contentType, body, wechat, nowMs }: Use): HttpAnswer {
  if (query['type'] !== 'image') return errcodeAnswer(refuse(40004), nowMs);
  const file = readFormFile(contentType, body);
  if (file?.field !== 'media' || file.bytes.length === 0) return errcodeAnswer(refuse(41005), nowMs);
  const id = wechat.uses.keepMedia(file, nowMs);
  return jsonAnswer({ type: 'image', media_id: id, created_at: seconds(nowMs) });
}

export function mediaAnswer({ query, wechat, nowMs }: Use): HttpAnswer {
  const file = wechat.uses.media(query['media_id'] ?? '', nowMs);
  if (!file) return errcodeAnswer(refuse(40007), nowMs);
  const headers = {
    'Content-Type': file.contentType,
    'Content-disposition': `attachment; ${nameParameter(file.filename)}`,
  };
  return { status: 200, headers, body: file.bytes };
}

/** As RFC 6266 has it: a header that isn't ASCII is refused by Node, or read differently by everybody. */
function nameParameter(filename: string): string {
  if (/^[\x20-\x7e]*$/.test(filename)) return `filename="${filename.replace(/[\\"]/g, '\\$&')}"`;
  // RFC 8187 lets fewer characters stand as they are than encodeURIComponent.
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename*=UTF-8''${encoded}`;
}

export const ONE_PIXEL_JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==',
  'base64',
);

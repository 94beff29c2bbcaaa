/**
 * Who may ask a server of this machine. The developer's browser reaches it, too: a page of another site may send
 * requests to 127.0.0.1 (Origin or Sec-Fetch-Site says so), or give 127.0.0.1 a name of its own (DNS rebinding: Host
 * says so). So do the machine's other users: only the secret of this start tells them apart.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { callOf } from '../command/call.ts';

export interface Refusal {
  status: 401 | 403;
  reason: string;
}

/** Null: the request may pass. `secret` null: this path is open to every program of this machine. */
export function refusalOf(headers: IncomingHttpHeaders, secret: string | null): Refusal | null {
  if (!isOwnPageOrProgram(headers))
    return { status: 403, reason: 'only programs of this machine and this page itself may ask' };
  if (secret === null || isSame(bearerOf(headers.authorization), secret)) return null;
  return {
    status: 401,
    reason: `send "Authorization: Bearer <secret>": ${callOf('start')} prints it, door.json in its data folder holds it`,
  };
}

/** 192 random bits, in letters that a header, an address and a shell take as they are. */
export function createSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** Null for another scheme. The name of a scheme may be in any case (RFC 9110, 11.1), and spaces follow it. */
export function bearerOf(authorization: string | undefined): string | null {
  return /^bearer +(\S*)$/i.exec(authorization ?? '')?.[1] ?? null;
}

function isOwnPageOrProgram(headers: IncomingHttpHeaders): boolean {
  const { host = '', origin } = headers;
  // `same-site` is a page at another port of this machine: somebody's page, too.
  if (/-site$/i.test(headers['sec-fetch-site'] ?? '')) return false;
  return isLoopback(`http://${host}`) && (origin === undefined || origin === `http://${host}`);
}

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost']);

function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK_NAMES.has(new URL(url).hostname);
}

/** Takes equally long whatever is given. */
function isSame(given: string | null, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(expected));
}

/** Who may use the dashboard: this machine's browser, on this page, and the controls only with the page's key. */

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isFromThisMachine } from '../local/visitor.ts';
import { KEY_HEADER } from './snapshot.ts';

/** The page's own files and nothing else: no inline script or style, no other address, no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const SAFETY_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** For reading: the address is this machine's, and the request doesn't come from another site's page. */
export function mayLook(headers: IncomingHttpHeaders): boolean {
  const { host, origin } = headers;
  return isFromThisMachine(headers) && (origin === undefined || origin === `http://${host}`);
}

/** For the controls: a page of the same origin that has the key of this start. */
export function mayTurn(headers: IncomingHttpHeaders, key: string): boolean {
  const { host, origin } = headers;
  return isFromThisMachine(headers) && origin === `http://${host}` && isSame(headers[KEY_HEADER], key);
}

function isSame(given: string | string[] | undefined, key: string): boolean {
  if (typeof given !== 'string') return false;
  const [one, other] = [Buffer.from(given), Buffer.from(key)];
  return one.length === other.length && timingSafeEqual(one, other);
}

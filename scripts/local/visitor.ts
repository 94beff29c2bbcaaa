/**
 * Keeps web pages away from the loopback servers: the developer's browser reaches them, too. A page of another site
 * may post to 127.0.0.1 (its Origin tells), or name this machine by a domain of its own (DNS rebinding: Host tells).
 */

import type { IncomingHttpHeaders } from 'node:http';

export function isFromThisMachine({ host, origin }: IncomingHttpHeaders): boolean {
  return isLoopback(`http://${host ?? ''}`) && (origin === undefined || isLoopback(origin));
}

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost']);

/** Anything unreadable, such as the origin `null` of a sandboxed page, is not loopback. */
function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK_NAMES.has(new URL(url).hostname);
}

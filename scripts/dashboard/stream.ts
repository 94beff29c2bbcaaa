/** The stream of updates to one open page, as server-sent events. */

import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';
import { SAFETY_HEADERS } from './gate.ts';
import type { Update } from './snapshot.ts';

/** A browser opens one per tab; more than these is a mistake or a nuisance. */
const MOST_WATCHERS = 20;
/** A page that reads nothing any more is cut off at this much. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** Keeps the connection alive, and finds out when it is dead. */
const SIGN_OF_LIFE_MS = 15_000;

/** False when there are too many already. */
export function streamTo(response: ServerResponse, feed: Feed): boolean {
  if (feed.watchers() >= MOST_WATCHERS) return false;
  response.writeHead(200, { ...SAFETY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  const send = (text: string): void => {
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
    else response.write(text);
  };
  // The browser's own pause before it comes back is 3 s or more.
  send('retry: 1000\n\n');
  const unwatch = feed.watch((update: Update) => send(`data: ${JSON.stringify(update)}\n\n`));
  const signs = setInterval(() => send(': still here\n\n'), SIGN_OF_LIFE_MS);
  response.once('close', () => {
    clearInterval(signs);
    unwatch();
  });
  return true;
}

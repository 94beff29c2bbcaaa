/** The stream of updates to one open page, as server-sent events. */

import type { ServerResponse } from 'node:http';
import type { HttpAnswer } from '../local/http-server.ts';
import type { Feed } from './feed.ts';
import { SAFETY_HEADERS } from './safety-headers.ts';
import type { Update } from './snapshot.ts';

/** A browser opens one per tab; more than these is a mistake or a nuisance. */
const MOST_WATCHERS = 20;
/** A page that reads nothing any more is cut off at this much. */
const MOST_UNREAD_BYTES = 1024 * 1024;
/** Keeps the connection alive, and finds out when it is dead. */
const SIGN_OF_LIFE_MS = 15_000;

/** Null when there are too many already. */
export function streamOf(feed: Feed): HttpAnswer | null {
  if (feed.watchers() >= MOST_WATCHERS) return null;
  const headers = { ...SAFETY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' };
  return { status: 200, headers, stream: (outgoing) => streamTo(outgoing, feed) };
}

function streamTo(outgoing: ServerResponse, feed: Feed): void {
  const send = (text: string): void => {
    if (outgoing.writableLength > MOST_UNREAD_BYTES) outgoing.destroy();
    else outgoing.write(text);
  };
  // The headers leave now, whether or not there is anything to tell.
  send(': welcome\n\n');
  const unwatch = feed.watch((update: Update) => send(`data: ${JSON.stringify(update)}\n\n`));
  const signs = setInterval(() => send(': still here\n\n'), SIGN_OF_LIFE_MS);
  outgoing.once('close', () => {
    clearInterval(signs);
    unwatch();
  });
}

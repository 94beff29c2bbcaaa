/**
 * Sends each alert once: the open incidents are written first, by compare-and-swap, and only the instance whose write
 * succeeded calls the webhook, at most once a minute. One that dies in between has sent nothing.
 */

import type { FieldWriter } from '../store/collection.ts';
import { confirm } from '../store/confirmed-write.ts';
import { MOST_SKEW_MS } from '../token/policy.ts';
import { TokenError } from '../token/ports.ts';
import type { Log } from '../token/ports.ts';
import type { Changes } from './changes.ts';
import { basisOf, isStamped, written } from './incidents.ts';
import type { StoredIncidents } from './incidents.ts';
import { compose } from './message.ts';
import type { Post, Posted } from './webhook.ts';

export interface AlertPorts {
  collection: FieldWriter & { get(id: string): Promise<Record<string, unknown> | null> };
  post: Post;
  now(): number;
  newId(): string;
  log: Log;
}

/** Two calls of the webhook are a minute apart; the rest is the longest that the write before one takes. */
const SPACING_MS = 70_000;

/** An instance that took longer than this from the write to the webhook was frozen: its turn is over. */
const LONGEST_TURN_MS = 10_000;

/** `documentId`: the document in which `stored` was read. Throws a TokenError when the database fails. */
export async function sendAlert(
  ports: AlertPorts,
  documentId: string,
  stored: StoredIncidents,
  changes: Changes | null,
): Promise<void> {
  const nowMs = ports.now();
  // What is too early now is still a change at the next occasion.
  if (changes === null || isTooSoon(stored.sentAtMs, nowMs)) return;
  const stamp = ports.newId();
  const next = written(stamp, { sentAtMs: nowMs, open: changes.open });
  const write = (): Promise<boolean> => ports.collection.setIf(documentId, stored.basis, next);
  const isWritten = await confirm(write(), {
    write,
    read: () => ports.collection.get(documentId),
    isOurs: (found) => found !== null && isStamped(found, stamp),
  });
  if (!isWritten && stored.isDamaged) ports.log('alert_failed', UNREADABLE);
  if (!isWritten) return;
  const isLate = Math.abs(ports.now() - nowMs) > LONGEST_TURN_MS;
  const posted = isLate ? TOO_LATE : await ports.post(compose(changes, nowMs));
  logSent(ports, changes, posted);
  if (posted.kind !== 'refused') return;
  // Taken back, so that the next occasion finds the change again; `sentAtMs` stays, and keeps it a minute away.
  const before = written(ports.newId(), { sentAtMs: nowMs, open: stored.open });
  const takeBack = () => ports.collection.setIf(documentId, basisOf(stamp), before);
  // Once more after a failure: an incident that stays open counts as reported.
  await takeBack().catch(takeBack);
}

/** In the future only by the skew of two clocks; beyond that it is damaged. */
function isTooSoon(sentAtMs: number, nowMs: number): boolean {
  return nowMs < sentAtMs + SPACING_MS && sentAtMs <= nowMs + MOST_SKEW_MS;
}

const UNREADABLE = {
  errcode: 500,
  errmsg:
    'the field "incidents" of the first app\'s document is damaged and could not be replaced: remove it in the console',
};

const TOO_LATE = {
  kind: 'refused',
  errcode: 503,
  errmsg: 'the instance was frozen before it could call the webhook; the next tick does it',
} as const;

function logSent({ log }: AlertPorts, { opened, recovered }: Changes, posted: Posted): void {
  const named = (list: Changes['open']): string =>
    list.map(({ kind, appid }) => `${kind} ${appid}`).join(', ');
  const fields = { opened: named(opened), recovered: named(recovered) };
  if (posted.kind === 'sent') log('alert_sent', fields);
  else log('alert_failed', { ...fields, errcode: posted.errcode, errmsg: posted.errmsg });
}

/** Never rejects: a rejected promise that nobody handles would end the process, and a tick has done its work by then. */
export async function logFailure({ log }: AlertPorts, work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    const errmsg = error instanceof TokenError ? error.message : 'internal error';
    log('alert_failed', { errcode: 503, errmsg });
  });
}

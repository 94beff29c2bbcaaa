/** What the knobs of the sandbox have done is undone: by a reset, and where an earlier start has left it, at the next start. */

import { COLLECTION, fromDocument, TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';
import { inClear } from '../../functions/_shared/store/sealed.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import type { CloudClock } from './clock.ts';
import type { Collection, Database } from './database/open.ts';
import type { FunctionHost } from './functions/host.ts';
import { namesWith } from './names.ts';
import type { WeChatSandbox } from './wechat/sandbox.ts';

/** Two clocks of one machine differ by less. */
const SLACK_MS = 60_000;
/** What WeChat has refused, and what was lost: a sandbox that begins anew knows nothing of it. */
const { backoff, learnedLimit, refusedAtMs, unsettledSinceAtMs, unknownSinceAtMs, verdict, reports, claim } =
  emptyRecord;
const FORGOTTEN = {
  backoff,
  learnedLimit,
  refusedAtMs,
  unsettledSinceAtMs,
  unknownSinceAtMs,
  verdict,
  reports,
  claim,
};

/** What is told by these is ours, as deploy/ours.ts tells it; the rest is left alone. */
const OURS = { schema: { $exists: true }, writer: { $exists: true }, mints: { $exists: true } };

export interface Resettable {
  clock: CloudClock;
  database: Database;
  sandbox: WeChatSandbox;
  host: Pick<FunctionHost, 'recycle'>;
}

/** Every account as on its first day, the clock where it was at the start, no document, and no memory of one. */
export async function resetSandbox(
  { clock, database, sandbox, host }: Resettable,
  offsetMs: number,
): Promise<void> {
  sandbox.faults.clear();
  sandbox.wechat.renew();
  clock.advance(offsetMs - clock.offsetMs());
  for (const documents of kept(database)) await documents.remove(OURS, true);
  const { outside: _, ...inside } = namesWith('');
  await Promise.all(Object.values(inside).map((name) => host.recycle(name)));
}

/** A document of the future is removed, since nothing in it holds; of the others only the troubles go. */
export async function forgetTroubles(database: Database, nowMs: number): Promise<void> {
  for (const documents of kept(database)) {
    for (const document of documents.find({ query: OURS })) {
      const query = { _id: document['_id'] };
      if (isOfFuture(document, nowMs)) await documents.remove(query, false);
      else await documents.update({ query, update: { $set: FORGOTTEN }, multi: false });
    }
  }
}

/** What is made with the sandbox's answers. */
function kept(database: Database): Collection[] {
  const names = [COLLECTION, TICKETS_COLLECTION].filter((name) => database.hasCollection(name));
  return names.map((name) => database.collection(name));
}

function isOfFuture(document: Record<string, unknown>, nowMs: number): boolean {
  const { record } = fromDocument(document, String(document['_id']), inClear);
  const token = document['token'] as { mintedAtMs?: unknown } | null | undefined;
  const instants = [
    token?.mintedAtMs,
    record.backoff?.sinceAtMs,
    record.unsettledSinceAtMs,
    ...record.refusedAtMs,
  ];
  return instants.some((atMs) => typeof atMs === 'number' && atMs > nowMs + SLACK_MS);
}

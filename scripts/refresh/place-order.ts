/** Writes what the operator wants into the app's document, by compare-and-swap; the functions carry it out. */

import { randomUUID } from 'node:crypto';
import type { Collection } from '../../functions/_shared/store/collection.ts';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { requestLeakRefresh, requestRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import type { Documents } from '../platform/environment.ts';
import { claimInForce, unopened } from '../place/report.ts';
import type { Clock } from '../place/reach.ts';

const MOST_TRIES = 50;
const PAUSE_MS = 1_000;

/** Returns the record as it was before the request. Throws when others keep writing, or the document can't be read. */
export async function placeRequest(
  documents: Documents,
  appid: string,
  isLeak: boolean,
  { now, sleep }: Clock,
): Promise<TokenRecord> {
  const store = createCloudStore(orderingCollection(documents), appid, randomUUID, unopened);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { record, basis } = await store.read();
    // A mint under way began before the request: it would be taken for one of those that were asked for.
    if (claimInForce(record, now()) === null) {
      const next = isLeak ? requestLeakRefresh(record, now()) : requestRefresh(record, now());
      if ((await store.swap(basis, next)) !== null) return record;
    }
    await sleep(PAUSE_MS);
  }
  throw new Error(
    `${appid}: others kept writing its document, so the manual refresh could not be requested: run the command again`,
  );
}

/** What a request changes; everything else in the document, a sealed token above all, is not touched. */
const CHANGED = new Set(['version', 'writer', 'manualRefresh']);

function orderingCollection(documents: Documents): Collection {
  return {
    get: (id) => documents.get(id),
    insert: (id, document) => documents.insert(id, document),
    async replaceIf(id, version, document) {
      const isCounted = typeof version === 'number' && Number.isFinite(version);
      if (!isCounted)
        throw new Error(
          `the version in the document of ${id} is damaged: the next tick heals it, try again in 5 minutes`,
        );
      const changes = Object.entries(document).filter(([field]) => CHANGED.has(field));
      return documents.replaceIf(id, version, Object.fromEntries(changes));
    },
  };
}

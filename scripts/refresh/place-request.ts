/** Writes what the operator wants into the app's document, by compare-and-swap; the functions carry it out. */

import { randomUUID } from 'node:crypto';
import { pick } from '../command/language.ts';
import type { Collection } from '../../functions/_shared/store/collection.ts';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { requestLeakRefresh, requestRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import type { Documents } from '../platform/environment.ts';
import { claimInForce } from '../place/read-report.ts';
import { unopened } from '../place/unopened.ts';
import type { Clock } from '../place/reach.ts';

interface Wish {
  isLeak: boolean;
  isMinterGone?: boolean;
}

const MOST_TRIES = 50;
const PAUSE_MS = 1_000;

/** Returns the record as it was before the request. Throws when others keep writing, or the document can't be read. */
export async function placeRequest(
  documents: Documents,
  appid: string,
  { isLeak, isMinterGone = false }: Wish,
  { now, sleep }: Clock,
): Promise<TokenRecord> {
  const changed = isMinterGone ? [...CHANGED, 'refusedAtMs'] : CHANGED;
  const store = createCloudStore(requestingCollection(documents, changed), appid, randomUUID, unopened);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { record, basis } = await store.read();
    // A mint under way began before the request: it would be taken for one of those that were asked for.
    if (claimInForce(record, now()) === null) {
      const asked = isLeak ? requestLeakRefresh(record, now()) : requestRefresh(record, now());
      const next = isMinterGone ? { ...asked, refusedAtMs: [] } : asked;
      if ((await store.swap(basis, next)) !== null) return record;
    }
    await sleep(PAUSE_MS);
  }
  throw new Error(
    pick({
      en: `${appid}: others kept writing its document, so the manual refresh could not be requested: run the command again`,
      zh: `${appid}：这条记录一直有别人在写，没能提交手动刷新的请求：请重新执行`,
    }),
  );
}

/** What a request changes; everything else in the document, a sealed token above all, is not touched. */
const CHANGED = ['version', 'writer', 'manualRefresh'];

function requestingCollection(documents: Documents, changed: readonly string[]): Collection {
  return {
    get: (id) => documents.get(id),
    insert: (id, document) => documents.insert(id, document),
    async replaceIf(id, version, document) {
      const isCounted = typeof version === 'number' && Number.isFinite(version);
      if (!isCounted)
        throw new Error(
          pick({
            en: `the version in the document of ${id} is damaged: the next tick heals it, try again in 5 minutes`,
            zh: `${id} 的记录中 version 已损坏：下一次触发会修复，请 5 分钟后再试`,
          }),
        );
      const changes = Object.entries(document).filter(([field]) => changed.includes(field));
      return documents.replaceIf(id, version, Object.fromEntries(changes));
    },
  };
}

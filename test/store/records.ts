/** Records to store: one with every field filled, and the ones that follow it. */

import type { Stored } from '../../functions/_shared/token/ports.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import type { StoreHarness } from './harness.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 4);

export const fullRecord: TokenRecord = {
  version: 7,
  token: { value: '110_stored', api: 'token', mintedAtMs: NOW_MS, expiresAtMs: NOW_MS + 7_200_000 },
  claim: {
    id: 'claim-1',
    startedAtMs: NOW_MS,
    untilAtMs: NOW_MS + 20_000,
    unsettledBeforeAtMs: null,
    contestedSinceAtMs: NOW_MS - 1,
  },
  unsettledSinceAtMs: NOW_MS,
  unknownSinceAtMs: NOW_MS - 2,
  backoff: {
    owner: 'transient',
    errcode: -1,
    errmsg: 'system error',
    failures: 2,
    sinceAtMs: NOW_MS,
    retryAtMs: NOW_MS + 5_000,
    fingerprint: 'f1',
  },
  mints: { day: 20_779, count: 3 },
  learnedLimit: 200,
  refusedAtMs: [NOW_MS - 5, NOW_MS],
  verdict: { id: 'claim-0', atMs: NOW_MS - 4, outcome: 'accepted' },
  reports: { lastAtMs: NOW_MS - 3, source: 'wx_client,scf', refutedAtMs: [NOW_MS - 9] },
  manualRefresh: { requestedAtMs: NOW_MS, mintsLeft: 2, isLeak: true },
  forces: { day: 20_779, count: 1, lastAtMs: NOW_MS },
};

export function later(record: TokenRecord, by = 1): TokenRecord {
  return { ...record, version: record.version + by };
}

/** Stores the full record as the first one. */
export async function seed({ store, settle }: StoreHarness): Promise<Stored> {
  const { basis } = await settle(store().read());
  const written = await settle(store().swap(basis, fullRecord));
  if (written === null) throw new Error('the harness was not empty');
  return written;
}

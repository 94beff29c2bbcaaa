/**
 * Cores that are broken on purpose, from outside: each lacks one rule. The production code has no switch for it;
 * what stands between the core and its store is changed instead.
 */

import { getAccessToken } from '../../../functions/_shared/token/getAccessToken.ts';
import { HOLD_MS } from '../../../functions/_shared/token/policy.ts';
import type { HistoryEntry, Stored, TokenStore } from '../../../functions/_shared/token/ports.ts';
import type { TokenRecord } from '../../../functions/_shared/token/record.ts';

export interface Core {
  store(store: TokenStore): TokenStore;
  /** How a refused token is reported. */
  report: typeof getAccessToken;
}

export const healthy: Core = { store: (store) => store, report: getAccessToken };

const isClaim = (next: TokenRecord): boolean => next.claim !== null;

/** Writes over whatever is there, and keeps the version growing so that nobody notices. */
async function overwrite(
  store: TokenStore,
  next: TokenRecord,
  entry: HistoryEntry | undefined,
): Promise<Stored | null> {
  const { basis, record } = await store.read();
  return store.swap(basis, { ...next, version: record.version + 1 }, entry);
}

const claimWithoutCompare: Core = {
  ...healthy,
  store: (store) => ({
    ...store,
    swap: (basis, next, entry) =>
      isClaim(next) ? overwrite(store, next, entry) : store.swap(basis, next, entry),
  }),
};

const commitWithoutFence: Core = {
  ...healthy,
  store: (store) => ({
    ...store,
    swap: (basis, next, entry) =>
      isClaim(next) ? store.swap(basis, next, entry) : overwrite(store, next, entry),
  }),
};

const claimNotTaken: Core = {
  ...healthy,
  store: (store) => ({
    ...store,
    swap: async (basis, next, entry) =>
      isClaim(next) ? { record: next, basis, damaged: [] } : store.swap(basis, next, entry),
  }),
};

const noUnsettledRule: Core = {
  ...healthy,
  store: (store) => ({
    ...store,
    swap: (basis, next, entry) => store.swap(basis, { ...next, unsettledSinceAtMs: null }, entry),
  }),
};

/** The early expiry stands, so that nothing false is promised, but nobody waits for its end. */
const holdIgnored: Core = {
  ...healthy,
  store: (store) => ({
    ...store,
    async read() {
      const stored = await store.read();
      const since = stored.record.unsettledSinceAtMs;
      const record = { ...stored.record, unsettledSinceAtMs: since === null ? null : since - HOLD_MS };
      return { ...stored, record };
    },
  }),
};

/** Whatever a caller reports counts as a report of the stored token. */
const reportsNotCompared: Core = {
  ...healthy,
  async report(app, reported) {
    const stored = await app.ports.store.read().catch(() => null);
    return getAccessToken(app, stored?.record.token?.value ?? reported);
  },
};

/** By what they are: a core with … */
export const mutants = {
  'a claim without compare': claimWithoutCompare,
  'a claim that is not taken': claimNotTaken,
  'a commit without fence': commitWithoutFence,
  'no unsettled rule': noUnsettledRule,
  'a hold that is ignored': holdIgnored,
  'reports that are not compared': reportsNotCompared,
};

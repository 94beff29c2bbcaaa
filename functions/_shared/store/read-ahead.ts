/** Reads the documents of a whole tick by one query; each answers one `get`, all others go to the database. */

import type { TokenError } from '../token/ports.ts';
import type { Collection, ListReader } from './collection.ts';

export interface ReadAhead extends Collection {
  /** Never throws: a document that it did not bring is read alone. */
  readAhead(ids: readonly string[]): Promise<void>;
}

/**
 * As many as each version of CloudBase returns to a function.
 * https://developers.weixin.qq.com/miniprogram/en/dev/wxcloud/reference-server-api/database/collection.limit.html
 * (read 2026-11-29)
 */
const MOST_AT_ONCE = 100;

/** An idle tick is done within milliseconds. Where others have to mint first, what was read before is read again. */
const FRESH_MS = 5_000;

export function createReadAhead(
  collection: Collection & ListReader,
  now: () => number,
  onFailed: (error: TokenError) => void,
): ReadAhead {
  let documents = new Map<string, Record<string, unknown>>();
  let readAtMs = 0;

  async function readChunk(ids: readonly string[]): Promise<void> {
    try {
      for (const [id, document] of await collection.getAll(ids)) documents.set(id, document);
    } catch (error) {
      // A collection throws nothing else.
      onFailed(error as TokenError);
    }
  }

  function take(id: string): Record<string, unknown> | undefined {
    const document = documents.get(id);
    documents.delete(id);
    const ageMs = now() - readAtMs;
    return ageMs >= 0 && ageMs < FRESH_MS ? document : undefined;
  }

  return {
    ...collection,
    get: async (id) => take(id) ?? collection.get(id),
    async readAhead(ids) {
      documents = new Map();
      readAtMs = now();
      // A single document is read just as well by its own read.
      if (ids.length > 1) await Promise.all(chunksOf(ids).map(readChunk));
    },
  };
}

function chunksOf(ids: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(ids.length / MOST_AT_ONCE);
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * MOST_AT_ONCE, (index + 1) * MOST_AT_ONCE),
  );
}

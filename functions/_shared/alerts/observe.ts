/** Wraps the collection and reports reads and refreshes; makes no calls of its own. */

import type { Collection, ListReader } from '../store/collection.ts';

export interface Observer {
  /** A document was read, with the fields beside the record. */
  onRead(id: string, document: Record<string, unknown>): void;
  /** A refresh was carried out here, whatever came of it: it is in the history now. */
  onRefreshed?(id: string): void;
}

export function observe(
  collection: Collection & ListReader,
  { onRead, onRefreshed }: Observer,
): Collection & ListReader {
  return {
    ...collection,
    async get(id) {
      const document = await collection.get(id);
      if (document !== null) onRead(id, document);
      return document;
    },
    async getAll(ids) {
      const documents = await collection.getAll(ids);
      for (const [id, document] of documents) onRead(id, document);
      return documents;
    },
    async replaceIf(id, version, document, entry) {
      const isWritten = await collection.replaceIf(id, version, document, entry);
      if (isWritten && entry !== undefined) onRefreshed?.(id);
      return isWritten;
    },
  };
}

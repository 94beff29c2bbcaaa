/** The embedded database as an administrator sees a collection of the real one. */

import type { Collection as LocalCollection, Database } from '../local/database/open.ts';
import type { Documents, StoredDocument } from '../platform/environment.ts';

export function documentsOf(database: Database, name: string): Documents {
  const collection = (): LocalCollection => database.collection(name);
  const list = (query: object): StoredDocument[] =>
    collection().find({ query: { ...query } }) as StoredDocument[];
  return {
    get: async (id) => list({ _id: id })[0] ?? null,
    list: async (limit = 1_000) =>
      list({})
        .toSorted(({ _id: a }, { _id: b }) => (a < b ? -1 : 1))
        .slice(0, limit),
    async insert(id, document) {
      if (list({ _id: id }).length > 0) return false;
      await collection().insert([{ _id: id, ...document }]);
      return true;
    },
    async replaceIf(id, version, changes) {
      const update = { query: { _id: id, version }, update: { $set: { ...changes } }, multi: false };
      return (await collection().update(update)).matched === 1;
    },
    remove: async (id) => (await collection().remove({ _id: id }, false)) === 1,
  };
}

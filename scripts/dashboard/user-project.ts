/** The user's own functions and collections in the embedded cloud, read only; ours are left out. */

import type { Cloud } from '../local/cloud.ts';
import { OUR_COLLECTIONS } from '../local/our-collections.ts';
import type { UserProjectState } from './snapshot.ts';

export interface UserProject {
  /** Null where there is neither a function nor a collection. */
  state(): UserProjectState | null;
  /** The last lines of a function, or the first documents of a collection; null when there is no such thing here. */
  details(kind: string, name: string): readonly string[] | null;
}

const MOST_DOCUMENTS = 50;

export function createUserProject({ host, database }: Cloud, functions: readonly string[]): UserProject {
  const collectionNames = (): string[] =>
    database.collections().filter((name) => !OUR_COLLECTIONS.includes(name));
  return {
    state() {
      const collections = collectionNames();
      if (functions.length === 0 && collections.length === 0) return null;
      return { functions: functions.flatMap(summaryOf), collections };
    },
    details(kind, name) {
      if (kind === 'functions' && functions.includes(name)) return host.record(name)?.lines ?? null;
      if (kind !== 'collections' || !collectionNames().includes(name)) return null;
      const documents = database.collection(name).find({ query: {}, limit: MOST_DOCUMENTS });
      return documents.map((document) => JSON.stringify(document, null, 2));
    },
  };

  function summaryOf(name: string): UserProjectState['functions'] {
    const record = host.record(name);
    if (record === undefined) return [];
    const { calls, errors, coldStarts, lines } = record;
    return [{ name, calls, errors, coldStarts, lastLine: lines.at(-1) ?? '' }];
  }
}

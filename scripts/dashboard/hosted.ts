/** What runs and what lies beside ours in the embedded cloud: the user's functions and collections. Read only. */

import type { Cloud } from '../local/cloud.ts';
import { OUR_COLLECTIONS } from '../local/our-collections.ts';
import type { HostedState } from './snapshot.ts';

export interface Hosted {
  /** Null where there is neither a function nor a collection. */
  state(): HostedState | null;
  /** The last lines of a function, or the first documents of a collection; null when there is no such thing here. */
  details(kind: string, name: string): readonly string[] | null;
}

const MOST_DOCUMENTS = 50;

export function createHosted({ host, database }: Cloud, functions: readonly string[]): Hosted {
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

  function summaryOf(name: string): HostedState['functions'] {
    const record = host.record(name);
    if (record === undefined) return [];
    const { calls, errors, coldStarts, lines } = record;
    return [{ name, calls, errors, coldStarts, lastLine: lines.at(-1) ?? '' }];
  }
}

/** The store's database calls on a Map, on virtual time, with the faults that a database over a network has. */

import type { Collection, ListReader } from '../../functions/_shared/store/collection.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';

/**
 * `lost`: the database does nothing and the caller gets an error; `applied-but-lost`: it does it and the caller
 * gets an error; `applied-late`: the caller gets an error, and the write is done afterwards.
 */
export type StoreFault = 'none' | 'lost' | 'applied-but-lost' | 'applied-late';

export interface MemoryCollectionOptions {
  sleep(durationMs: number): Promise<void>;
  latencyMs(): number;
  fault(call: 'get' | 'insert' | 'replaceIf'): StoreFault;
  /** Called for every write that took place: the document before it (null: there was none) and after it. */
  onWritten?(before: StoredDocument | null, after: StoredDocument): void;
}

export type StoredDocument = Readonly<Record<string, unknown>>;

export interface MemoryCollection extends Collection, ListReader {
  /** The documents themselves, so that a test can look at them and damage them. */
  documents: Map<string, Record<string, unknown>>;
  calls: { reads: number; writes: number };
}

const TIMEOUT_MS = 3_000;
const LATE_MS = 5_000;

export function createMemoryCollection(options: MemoryCollectionOptions): MemoryCollection {
  const documents = new Map<string, Record<string, unknown>>();
  const calls = { reads: 0, writes: 0 };

  async function perform<T>(call: 'get' | 'insert' | 'replaceIf', run: () => T): Promise<T> {
    calls[call === 'get' ? 'reads' : 'writes'] += 1;
    const fault = options.fault(call);
    if (fault === 'none') {
      await options.sleep(options.latencyMs());
      const result = run();
      await options.sleep(options.latencyMs());
      return result;
    }
    if (fault === 'applied-late') void options.sleep(LATE_MS).then(run);
    if (fault === 'applied-but-lost') void options.sleep(options.latencyMs()).then(run);
    await options.sleep(TIMEOUT_MS);
    throw new TokenError('STORE_UNAVAILABLE', 'the database did not answer (ESOCKETTIMEDOUT)');
  }

  /** No deep copies: the core never changes a record in place, and the store makes a new one of what it reads. */
  function put(id: string, before: StoredDocument | null, after: Record<string, unknown>): void {
    documents.set(id, after);
    options.onWritten?.(before, after);
  }

  return {
    documents,
    calls,
    get: (id) => perform('get', () => copy(documents.get(id))),
    getAll: (ids) =>
      perform('get', () => {
        const stored = ids.filter((id) => documents.has(id));
        return new Map(stored.map((id) => [id, { ...documents.get(id) }]));
      }),
    insert: (id, document) =>
      perform('insert', () => {
        if (documents.has(id)) return false;
        put(id, null, { ...document, _id: id });
        return true;
      }),
    replaceIf: (id, version, document) =>
      perform('replaceIf', () => {
        const stored = documents.get(id);
        if (stored === undefined || !Object.is(stored['version'], version)) return false;
        put(id, stored, { ...stored, ...document });
        return true;
      }),
  };
}

function copy(document: Record<string, unknown> | undefined): Record<string, unknown> | null {
  return document === undefined ? null : { ...document };
}

/** What the contracts of the store need of a database: to look into it, to damage it, and to make its answers fail. */

import type { Collection } from '../../functions/_shared/store/collection.ts';
import type { TokenStore } from '../../functions/_shared/token/ports.ts';

/**
 * `lost`: nothing is written and the caller gets an error; `applied-but-lost`: it is written all the same;
 * `applied-late`: it is written once the caller has long gone on.
 */
export type WriteFault = 'lost' | 'applied-but-lost' | 'applied-late';

export interface StoreHarness {
  /** As another instance has it: of the same app, on the same database. */
  store(): TokenStore;
  collection: Collection;
  appid: string;
  /** The document as it lies in the database, without its `_id`. */
  stored(): Promise<Record<string, unknown> | null>;
  /** Puts another document in its place, or takes it away. */
  put(document: Record<string, unknown> | null): Promise<void>;
  /** Faults are used up by the next writes, one by one. */
  failWrites(...faults: WriteFault[]): void;
  /** Waits, and moves virtual time where time is virtual. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Until every late write has arrived. */
  arrive(): Promise<void>;
}

/** `_id` is the database's own. */
export function withoutId(document: Record<string, unknown> | undefined): Record<string, unknown> | null {
  if (document === undefined) return null;
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== '_id'));
}

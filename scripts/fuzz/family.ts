/** One kind of input and what must hold for all of it. */

import type { IAsyncProperty, IAsyncPropertyWithHooks } from 'fast-check';

export interface Family {
  name: string;
  /** Its share of a run's cases, relative to the other families: slow ones have few. */
  share: number;
  open(): Promise<OpenFamily>;
}

export interface OpenFamily {
  /** Throws for a case in which the property does not hold. */
  property: IAsyncProperty<unknown> | IAsyncPropertyWithHooks<unknown>;
  close(): Promise<void>;
}

/** A property that needs no servers. */
export function pure(name: string, share: number, property: OpenFamily['property']): Family {
  return { name, share, open: async () => ({ property, close: async () => undefined }) };
}

/** Throws an Error that says what did not hold. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

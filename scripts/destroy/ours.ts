/** Which documents of the collection are this project's: told by what the functions write into every one. */

import type { Documents, StoredDocument } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';

export interface Contents {
  /** Ids of token documents. */
  ours: string[];
  /** How many documents are somebody else's. */
  foreign: number;
}

/** One per app, and there are at most 100 apps: more can't be looked through, and are none of ours. */
const MOST_DOCUMENTS = 1_000;

export async function lookInto(documents: Documents, collection: string): Promise<Contents> {
  const found = await documents.list(MOST_DOCUMENTS);
  if (found.length === MOST_DOCUMENTS) {
    throw new PlatformError(`the collection ${collection} holds ${MOST_DOCUMENTS} documents or more`, {
      code: 'NOT_OURS',
      cure: 'that many are not from here: nothing in it is touched, look at it in the console',
    });
  }
  const ours = found.filter(isOurs).map(({ _id }) => _id);
  return { ours, foreign: found.length - ours.length };
}

/** Its AppID may not be configured any more; damaged fields don't make it somebody else's. */
function isOurs({ schema, writer, mints }: StoredDocument): boolean {
  return typeof schema === 'number' && typeof writer === 'string' && mints !== undefined;
}

/** Which documents of a collection are this project's: told by what it writes into every one. */

import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import { COLLECTION, TICKETS_COLLECTION } from './wanted.ts';
import type { Documents, StoredDocument } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';

/** What stands in a collection, and which of it is this project's. */
export interface Holding {
  collection: string;
  /** What one of our documents is called, and several. */
  noun: string;
  nouns: string;
  isOurs(document: StoredDocument): boolean;
}

/** The AppID of one may not be configured any more; damaged fields don't make it somebody else's. */
export const TOKENS: Holding = {
  collection: COLLECTION,
  noun: 'token document',
  nouns: 'token documents',
  isOurs: ({ schema, writer, mints }) =>
    typeof schema === 'number' && typeof writer === 'string' && mints !== undefined,
};

/** Of the same shape. */
export const TICKETS: Holding = {
  ...TOKENS,
  collection: TICKETS_COLLECTION,
  noun: 'ticket document',
  nouns: 'ticket documents',
};

/** Servers, and the last check of each app's token (functions/accessTokenHttp/checks.ts). */
export const SERVER_KEYS: Holding = {
  collection: SERVERS_COLLECTION,
  noun: 'document about servers',
  nouns: 'documents about servers',
  isOurs: ({ _id, kind }) => (kind === 'server' || kind === 'check') && _id.startsWith(`${kind}:`),
};

export interface Contents {
  /** Ids of our documents. */
  ours: string[];
  /** How many documents are somebody else's. */
  foreign: number;
}

/** Ours are one per app or server, far fewer: more can't be looked through, and are none of ours. */
const MOST_DOCUMENTS = 1_000;

export async function readHolding(documents: Documents, { collection, isOurs }: Holding): Promise<Contents> {
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

/** Which documents of a collection are this project's: told by what it writes into every one. */

import { pick, type Text } from '../command/language.ts';
import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import { COLLECTION, TICKETS_COLLECTION } from './wanted.ts';
import type { Documents, StoredDocument } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';

/** What stands in a collection, and which of it is this project's. */
export interface Holding {
  collection: string;
  /** What one of our documents is called, and several. */
  noun: Text;
  nouns: Text;
  isOurs(document: StoredDocument): boolean;
}

/** The AppID of one may not be configured any more; damaged fields don't make it somebody else's. */
export const TOKENS: Holding = {
  collection: COLLECTION,
  noun: { en: 'token document', zh: 'token 记录' },
  nouns: { en: 'token documents', zh: 'token 记录' },
  isOurs: ({ schema, writer, mints }) =>
    typeof schema === 'number' && typeof writer === 'string' && mints !== undefined,
};

/** Of the same shape. */
export const TICKETS: Holding = {
  ...TOKENS,
  collection: TICKETS_COLLECTION,
  noun: { en: 'ticket document', zh: 'ticket 记录' },
  nouns: { en: 'ticket documents', zh: 'ticket 记录' },
};

/** Servers, and the last check of each app's token (functions/accessTokenHttp/checks.ts). */
export const SERVER_KEYS: Holding = {
  collection: SERVERS_COLLECTION,
  noun: { en: 'document about servers', zh: '服务器记录' },
  nouns: { en: 'documents about servers', zh: '服务器记录' },
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
    throw new PlatformError(
      pick({
        en: `the collection ${collection} holds ${MOST_DOCUMENTS} documents or more`,
        zh: `集合 ${collection} 中有 ${MOST_DOCUMENTS} 条或更多记录`,
      }),
      {
        code: 'NOT_OURS',
        cure: pick({
          en: 'that many are not from here: nothing in it is touched, look at it in the console',
          zh: '这么多记录不会是本项目的：没有改动，请到控制台查看',
        }),
      },
    );
  }
  const ours = found.filter(isOurs).map(({ _id }) => _id);
  return { ours, foreign: found.length - ours.length };
}

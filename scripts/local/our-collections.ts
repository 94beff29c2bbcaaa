/** The collections of this project in the embedded cloud. */

import { COLLECTION, TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';
import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import type { Database } from './database/open.ts';
import { SANDBOX_COLLECTION } from './wechat/remembered.ts';

/** Tokens, keys of servers and the sandbox's memory are in them: no mini program and no page sees any of it. */
export const OUR_COLLECTIONS: readonly string[] = [
  COLLECTION,
  TICKETS_COLLECTION,
  SERVERS_COLLECTION,
  SANDBOX_COLLECTION,
];

/** What `npm run deploy` does in a real environment: the functions never create a collection. */
export function createOurCollections(database: Database, hasTickets: boolean): void {
  for (const name of [COLLECTION, ...(hasTickets ? [TICKETS_COLLECTION] : []), SERVERS_COLLECTION])
    if (!database.hasCollection(name)) database.createCollection(name);
}

/** The clients whose keys open the outside door: while there is one, the door has to be there. */

import {
  CLIENTS_COLLECTION,
  type ClientDocument,
} from '../../../functions/accessTokenHttp/client-document.ts';
import { liveClients } from '../../client/clients.ts';
import type { Environment } from '../../platform/environment.ts';

export async function readLiveClients(
  environment: Pick<Environment, 'describeAccess' | 'documents'>,
): Promise<ClientDocument[]> {
  // Read by its name alone, a collection that was never made would look like a failed call.
  if ((await environment.describeAccess(CLIENTS_COLLECTION)) === null) return [];
  return liveClients(environment.documents(CLIENTS_COLLECTION));
}

/** The embedded cloud's gateway and database, in memory, as a place to try the assumptions on. */

import { createCloudClock } from '../local/clock.ts';
import { createCredentials } from '../local/credentials.ts';
import { openDatabase } from '../local/database/open.ts';
import { startGateway, type Gateway } from '../local/gateway/start.ts';
import { openDatabase as openSdk } from '../platform/documents.ts';
import { proveDatabase, SCRATCH } from './database.ts';
import type { Scratch } from './prove.ts';

const ENV_ID = 'local-env';

export interface LocalScratch extends Scratch {
  /** Undefined before `make`. */
  gateway(): Gateway | undefined;
}

/** `prepare`: what a test does to the gateway before anything is tried; `access`: the tag that is read back. */
export function localScratch(
  prepare: (gateway: Gateway) => void = () => undefined,
  access = 'ADMINONLY',
): LocalScratch {
  const { secretId, secretKey } = createCredentials();
  const credentials = { secretId, secretKey };
  const clock = createCloudClock();
  const database = openDatabase({ folder: undefined, clock });
  let gateway: Gateway | undefined;
  return {
    gateway: () => gateway,
    async make() {
      database.createCollection(SCRATCH);
      gateway = await startGateway({
        database,
        clock,
        port: 0,
        envId: ENV_ID,
        credentials: (id) => (id === credentials.secretId ? credentials : undefined),
        invokeFunction: () => Promise.reject(new Error('no function is called here')),
      });
      prepare(gateway);
      const settings = { envId: ENV_ID, region: 'ap-shanghai', serviceUrl: gateway.url };
      // The gateway lets nobody in but functions and keys: there are no other rules to read back.
      return proveDatabase(openSdk(settings, credentials), async () => access);
    },
    async remove() {
      await gateway?.close();
      await database.close();
    },
  };
}

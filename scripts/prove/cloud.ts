/** A real environment as a place to try the assumptions on: a scratch collection of its own name, and nothing else. */

import { callOf } from '../command/call.ts';
import { closeCollection, tableParams } from '../platform/collections.ts';
import type { Credentials } from '../platform/credentials.ts';
import { openDatabase } from '../platform/documents.ts';
import type { Environment } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';
import type { PlatformSettings } from '../platform/settings.ts';
import { proveDatabase, SCRATCH } from './database.ts';
import type { Scratch } from './prove.ts';

export function cloudScratch(
  environment: Environment,
  settings: PlatformSettings,
  credentials: Credentials,
): Scratch {
  let isMade = false;
  return {
    async make() {
      if ((await environment.describeAccess(SCRATCH)) !== null) throw leftOver();
      isMade = true;
      await closeCollection(environment, SCRATCH);
      return proveDatabase(openDatabase(settings, credentials), () => environment.describeAccess(SCRATCH));
    },
    async remove() {
      if (!isMade || (await environment.describeAccess(SCRATCH)) === null) return;
      const params = { ...tableParams(await environment.describe()), TableName: SCRATCH };
      await environment.call('tcb', 'DeleteTable', params);
    },
  };
}

function leftOver(): PlatformError {
  return new PlatformError(`the environment has a collection ${SCRATCH}`, {
    code: 'SCRATCH_EXISTS',
    cure: `another run may be at work; if none is, it was killed: delete that collection in the console, and run ${callOf('prove')} again`,
  });
}

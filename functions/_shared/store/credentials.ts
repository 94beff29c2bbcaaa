/** The credentials that the platform gives a function, and the SDK takes from the environment. */

import { TokenError } from '../token/ports.ts';

/** Without credentials the SDK rejects a promise that nobody handles, which ends the process. */
export function requireCredentials(): void {
  const { TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY, CLOUDBASE_APIKEY } = process.env;
  if ((TENCENTCLOUD_SECRETID && TENCENTCLOUD_SECRETKEY) || CLOUDBASE_APIKEY) return;
  throw new TokenError(
    'STORE_MISCONFIGURED',
    'the platform gave this function no credentials (TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY): run it as a CloudBase function',
  );
}

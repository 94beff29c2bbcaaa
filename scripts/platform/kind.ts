/** What kind an environment is of, and whether this project is known to work in it. */

import { callOf } from '../command/call.ts';
import type { EnvironmentInfo } from './environment.ts';
import { PlatformError } from './errors.ts';

/**
 * Environments of WeChat DevTools have functions V1 and the document database, in all likelihood.
 * https://docs.cloudbase.net/quick-start/env-overview (read 2026-11-28)
 */
export const ANOTHER_WAY = `deploy to an environment that has them, such as one made in WeChat DevTools; functions elsewhere get the token from there by the outside door (${callOf('server-key', 'add NAME')})`;

export function describeKind({ backend, isPostgres, databaseId }: EnvironmentInfo): string {
  const functions = isV1(backend) ? 'functions V1' : `functions V2 (${backend})`;
  const database = isPostgres ? 'PostgreSQL' : databaseId === null ? 'no database' : 'document database';
  return `${functions}, ${database}`;
}

/** Undefined: this project is made for such an environment. */
export function whyUnsupported(info: EnvironmentInfo): PlatformError | undefined {
  const missing = [
    ...(isV1(info.backend) ? [] : [NO_V1]),
    ...(info.isPostgres ? [POSTGRES] : info.databaseId === null ? [NO_DOCUMENTS] : []),
  ];
  if (missing.length === 0) return undefined;
  return new PlatformError(
    `the environment ${info.envId} is of a kind (${describeKind(info)}) that this project has never run in: ${missing.join('; ')}`,
    { code: 'UNSUPPORTED_ENVIRONMENT', cure: `nothing has been changed; ${ANOTHER_WAY}` },
  );
}

/** https://docs.cloudbase.net/cloud-function/v2 (read 2026-11-28). */
const NO_V1 =
  'functions V2 have no timer trigger yet and no automatic database keys, and what they tell of a caller is unknown';
/** https://docs.cloudbase.net/database/postgresql/pg-doc (read 2026-11-28). */
const POSTGRES =
  'PostgreSQL stands in for the document database, and whether its plugin compares and swaps as ours must is untested';
const NO_DOCUMENTS =
  'it has no document database to keep the token in, and the console opens none in it any more';

function isV1(backend: string): boolean {
  return backend === 'scf';
}

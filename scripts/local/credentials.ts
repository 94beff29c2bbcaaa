/** What an SDK signs with in the embedded cloud: others at each start, known to this process and those that it starts. */

import { randomBytes } from 'node:crypto';
import type { Credentials } from './functions/environment.ts';

export function createCredentials(): Credentials {
  const random = (): string => randomBytes(16).toString('hex');
  return { secretId: `AKID${random()}`, secretKey: random(), sessionToken: random() };
}

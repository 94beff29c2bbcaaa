/** What tests leave in the folder for temporary files goes when they end: all of them share one of their own there. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Read anew by each `tmpdir()`, and by every process that inherits the environment. */
const VARIABLE = 'TMPDIR';

export default function useOwnFolder(): () => void {
  const before = process.env[VARIABLE];
  const folder = mkdtempSync(join(tmpdir(), 'access-token-tests-'));
  // As the usual one is: some tests run a command as another user.
  chmodSync(folder, 0o755);
  process.env[VARIABLE] = folder;
  return () => {
    if (before === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = before;
    // A process that was just ended may still have written.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
}

/** The sandbox with a memory on disk: after a restart the tokens that it issued are still good, as WeChat's would be. */

import type { Database } from '../database/open.ts';
import type { LivingToken } from './restart.ts';
import { startWeChatSandbox, type SandboxOptions, type WeChatSandbox } from './sandbox.ts';

export const SANDBOX_COLLECTION = 'sandbox_wechat';
const ID = 'living';

export async function startRememberedSandbox(
  database: Database,
  options: SandboxOptions,
): Promise<WeChatSandbox> {
  if (!database.hasCollection(SANDBOX_COLLECTION)) database.createCollection(SANDBOX_COLLECTION);
  const sandbox = await startWeChatSandbox({
    ...options,
    log(entry) {
      // Written before the answer leaves: a token that somebody holds is one that the next start knows.
      if (entry.path.endsWith('token')) save(database, sandbox.wechat.living(options.clock.now()));
      options.log?.(entry);
    },
  });
  const [saved] = database.collection(SANDBOX_COLLECTION).find({ query: { _id: ID } });
  if (saved !== undefined) sandbox.wechat.bringBack(saved['tokens'] as LivingToken[]);
  return sandbox;
}

function save(database: Database, tokens: LivingToken[]): void {
  const update = { $set: { tokens } };
  // It is done when this returns; the promise only matters to transactions, and there are none here.
  void database
    .collection(SANDBOX_COLLECTION)
    .update({ query: { _id: ID }, update, multi: false, upsert: true });
}

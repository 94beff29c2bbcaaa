/** What a mini program does itself, without a function: documents under their collection's rule, and files. */

import { randomUUID } from 'node:crypto';
import type { CloudClock } from '../clock.ts';
import { underRule, type AccessRule } from '../database/access-rule.ts';
import type { Database } from '../database/open.ts';
import { ACTIONS } from '../gateway/actions/index.ts';
import { orRefusal } from '../gateway/respond.ts';
import { Refusal } from '../gateway/refusal.ts';
import type { Storage } from '../storage/storage.ts';

export interface ClientOptions {
  database: Database;
  storage: Storage;
  clock: Pick<CloudClock, 'now'>;
  /** Of the gateway, which serves the files. */
  origin: string;
  /** Of a collection. */
  ruleOf: (collection: string) => AccessRule;
}

export type ClientActions = (action: string, body: Body, openid: string) => Promise<object>;

type Body = Record<string, unknown>;

const OF_DATABASE = new Set([
  'database.getDocument',
  'database.calculateDocument',
  'database.insertDocument',
  'database.modifyDocument',
  'database.removeDocument',
]);
const OF_STORAGE = new Set([
  'storage.getUploadMetadata',
  'storage.batchGetDownloadUrl',
  'storage.batchDeleteFile',
]);

export function createClientActions(options: ClientOptions): ClientActions {
  return async (action, body, openid) => {
    const answer = await orRefusal(() => run(action, body, openid, options));
    return Buffer.isBuffer(answer) ? {} : answer;
  };
}

async function run(action: string, given: Body, openid: string, options: ClientOptions) {
  const { ruleOf, clock, ...parts } = options;
  const execute = ACTIONS.get(action);
  const isDatabase = OF_DATABASE.has(action);
  if (execute === undefined || (!isDatabase && !OF_STORAGE.has(action)))
    throw new Refusal(
      'ACTION_NOT_SUPPORTED',
      `${action}: not there for a mini program in the embedded cloud`,
    );
  const collection = String(given['collectionName']);
  // A client must not join another caller's transaction.
  const { transactionId: _, ...own } = given;
  const body = isDatabase ? underRule(ruleOf(collection), openid, action, own) : own;
  return execute({
    ...parts,
    action,
    body,
    requestId: randomUUID(),
    seqId: '',
    source: 'wx_client',
    nowMs: clock.now(),
    invokeFunction: () => Promise.reject(new Error('no action of these calls a function')),
  });
}

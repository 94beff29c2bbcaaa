/** The store on a CloudBase environment that exists, in a collection that is there for nothing else. */

import { randomUUID } from 'node:crypto';
import tcb from '@cloudbase/node-sdk';
import { onTestFinished, vi } from 'vitest';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { createCollection } from '../../functions/_shared/store/collection.ts';
import type { Collection } from '../../functions/_shared/store/collection.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import { withoutId } from './harness.ts';
import type { StoreHarness, WriteFault } from './harness.ts';

/** Never the one that functions use. */
const COLLECTION = 'wx_access_tokens_contract_test';

export const REMOTE_NEEDS = ['REMOTE', 'TCB_ENV_ID', 'TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY'];

export async function createRemoteHarness(): Promise<StoreHarness> {
  // This is no function, so the SDK has to go by the public address; it takes the environment's id from here.
  vi.stubEnv('TENCENTCLOUD_RUNENV', '');
  vi.stubEnv('SCF_NAMESPACE', process.env['TCB_ENV_ID'] ?? '');
  vi.stubEnv('TCB_ENV', process.env['TCB_ENV_ID'] ?? '');
  const appid = `wx${randomUUID()}`;
  const database = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV }).database();
  // Refused where it exists, and then it need not be made.
  await database.createCollection(COLLECTION).catch(() => undefined);
  const document = database.collection(COLLECTION).doc(appid);
  onTestFinished(async () => {
    await document.remove();
    vi.unstubAllEnvs();
  });
  const faults: WriteFault[] = [];
  const late: (() => Promise<unknown>)[] = [];
  const collection = withFaults(createCollection(COLLECTION), faults, late);
  return {
    appid,
    collection,
    store: () => createCloudStore(collection, appid, randomUUID),
    async stored() {
      const { data } = (await document.get()) as { data: Record<string, unknown>[] };
      return withoutId(data[0]);
    },
    async put(replacement) {
      if (replacement === null) await document.remove();
      else await document.set(replacement);
    },
    failWrites: (...more) => void faults.push(...more),
    settle: (promise) => promise,
    async arrive() {
      for (const write of late.splice(0)) await write();
    },
  };
}

/** A network that fails on demand can't be had here, so the faults are put between the store and the SDK. */
function withFaults(
  { get, insert, replaceIf }: Collection,
  faults: WriteFault[],
  late: (() => Promise<unknown>)[],
): Collection {
  const faulty = async (write: () => Promise<boolean>): Promise<boolean> => {
    const fault = faults.shift();
    if (fault === undefined) return write();
    if (fault === 'applied-but-lost') await write();
    if (fault === 'applied-late') late.push(write);
    throw new TokenError('STORE_UNAVAILABLE', 'made to fail');
  };
  return {
    get,
    insert: (...args) => faulty(() => insert(...args)),
    replaceIf: (...args) => faulty(() => replaceIf(...args)),
  };
}

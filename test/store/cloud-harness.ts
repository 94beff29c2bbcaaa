/** The store through the real SDK, over HTTP, on the embedded cloud's database. */

import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { createCollection } from '../../functions/_shared/store/collection.ts';
import type { Collection, ListReader } from '../../functions/_shared/store/collection.ts';
import { COLLECTION } from '../../functions/_shared/store/document.ts';
import { pointSdksAt, startTestCloud } from '../local/gateway/cloud.ts';
import type { TestCloud } from '../local/gateway/cloud.ts';
import { withoutId } from './harness.ts';
import type { StoreHarness, WriteFault } from './harness.ts';

export type CloudHarness = StoreHarness & { cloud: TestCloud; collection: Collection & ListReader };

const WRITES = new Set(['database.insertDocument', 'database.modifyDocument']);

export async function createCloudHarness(): Promise<CloudHarness> {
  const appid = 'wxCLOUD';
  const cloud = await startTestCloud();
  onTestFinished(() => cloud.close());
  cloud.database.createCollection(COLLECTION);
  pointSdksAt(cloud.gateway.url);
  const collection = createCollection();
  const faults: WriteFault[] = [];
  const late = injectFaults(cloud, faults);
  const documents = cloud.database.collection(COLLECTION);
  return {
    cloud,
    appid,
    collection,
    store: () => createCloudStore(collection, appid, randomUUID),
    stored: async () => withoutId(documents.find({ query: { _id: appid } })[0]),
    async put(document) {
      await documents.remove({ _id: appid }, false);
      if (document !== null) await documents.insert([{ _id: appid, ...document }]);
    },
    failWrites: (...more) => void faults.push(...more),
    settle: (promise) => promise,
    arrive: late.arrive,
  };
}

/** `arrive` lets go of the writes that are held back, and waits until each has been carried out. */
function injectFaults({ gateway }: TestCloud, faults: WriteFault[]): { arrive(): Promise<void> } {
  const answerLost = new Set<unknown>();
  const held = new Map<unknown, { letGo: () => void; done: Promise<void> }>();
  const onDone = new Map<unknown, () => void>();
  gateway.faults.intercept(async ({ stage, action, body }) => {
    if (!WRITES.has(action)) return undefined;
    if (stage === 'after') {
      onDone.get(body)?.();
      return answerLost.has(body) ? { drop: true } : undefined;
    }
    const fault = faults.shift();
    if (fault === 'lost') return { drop: true };
    if (fault === 'applied-but-lost') answerLost.add(body);
    // The SDK gives up after 3 s, and the request is carried out all the same.
    if (fault === 'applied-late')
      await new Promise<void>((letGo) => {
        held.set(body, { letGo, done: new Promise((resolve) => onDone.set(body, resolve)) });
      });
    return undefined;
  });
  return {
    async arrive() {
      for (const { letGo, done } of held.values()) {
        letGo();
        await done;
      }
    },
  };
}

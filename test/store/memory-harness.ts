/** The store on the simulator's database: a Map, on virtual time. */

import { randomUUID } from 'node:crypto';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { createMemoryCollection } from '../../scripts/simulate/memory-collection.ts';
import { createTimeline } from '../../scripts/simulate/timeline.ts';
import { withoutId } from './harness.ts';
import type { StoreHarness, WriteFault } from './harness.ts';

const LATE_MS = 60_000;

export async function createMemoryHarness(): Promise<StoreHarness> {
  const appid = 'wxMEMORY';
  const timeline = createTimeline(0);
  const faults: WriteFault[] = [];
  const collection = createMemoryCollection({
    sleep: timeline.sleep,
    latencyMs: () => 5,
    fault: (call) => (call === 'get' ? 'none' : (faults.shift() ?? 'none')),
  });
  return {
    appid,
    collection,
    store: () => createCloudStore(collection, appid, randomUUID),
    stored: async () => withoutId(collection.documents.get(appid)),
    async put(document) {
      if (document === null) collection.documents.delete(appid);
      else collection.documents.set(appid, { _id: appid, ...document });
    },
    failWrites: (...more) => void faults.push(...more),
    settle: timeline.settle,
    arrive: () => timeline.runUntil(timeline.now() + LATE_MS),
  };
}

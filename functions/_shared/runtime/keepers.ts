/** Puts the pieces together: one keeper per configured app, on the real database, the real WeChat, the real clock. */

import { randomUUID } from 'node:crypto';
import { createCloudStore } from '../store/cloud-store.ts';
import { createCollection } from '../store/collection.ts';
import { createKeeper } from '../token/keeper.ts';
import type { Keeper } from '../token/keeper.ts';
import { createMint } from '../wechat/mint.ts';
import { send } from '../wechat/send.ts';
import { createLog } from './log.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';

export interface Runtime {
  config: Config;
  keepers: ReadonlyMap<string, Keeper>;
}

export type RuntimeResult = { ok: true; runtime: Runtime } | { ok: false; problems: string[] };

/**
 * Returns a function that reads the environment on its first call and keeps the result for the instance's life.
 * A faulty configuration is not kept, so that a test or a shell can mend it without a restart.
 */
export function createRuntime(functionName: string): () => RuntimeResult {
  let ready: RuntimeResult | undefined;
  return () => {
    if (ready !== undefined) return ready;
    const result = readConfig(process.env);
    if (!result.ok) return result;
    ready = { ok: true, runtime: { config: result.config, keepers: keepersOf(result.config, functionName) } };
    return ready;
  };
}

/** The line that both functions answer with when variables are missing or malformed. */
export function describeProblems(problems: readonly string[]): string {
  return `misconfigured: ${problems.join('; ')}. Set the variables of both functions and run npm run deploy`;
}

// eslint-disable-next-line no-console -- the platform's log is the function's standard output
export const writeLine = (line: string): void => console.log(line);

function keepersOf(config: Config, functionName: string): ReadonlyMap<string, Keeper> {
  const collection = createCollection();
  const log = createLog(functionName, writeLine);
  const clock = { now: () => Date.now(), sleep, random: () => Math.random() };
  return new Map(
    config.apps.map(({ appid, secret, api, fingerprint }) => {
      const policy = {
        api,
        fingerprint,
        refreshAfterMs: config.refreshAfterMs,
        mintLimitPerDay: config.mintLimitPerDay,
      };
      const mint = createMint({ appid, secret, api, baseUrls: config.baseUrls, send, ...clock });
      const store = createCloudStore(collection, appid, randomUUID);
      return [appid, createKeeper(appid, policy, { store, mint, newId: randomUUID, log, ...clock })];
    }),
  );
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** Puts the pieces together: one keeper per configured app, on the real database, the real WeChat, the real clock. */

import { randomUUID } from 'node:crypto';
import { createTokenCipher } from '../store/cipher.ts';
import { createCloudStore } from '../store/cloud-store.ts';
import { createCollection } from '../store/collection.ts';
import { createKeeper } from '../token/keeper.ts';
import type { Keeper } from '../token/keeper.ts';
import { createMint } from '../wechat/mint.ts';
import { send } from '../wechat/send.ts';
import { createLog } from './log.ts';
import { readConfig } from './config.ts';
import type { Config, ConfigResult } from './config.ts';

export interface Runtime {
  config: Config;
  keepers: ReadonlyMap<string, Keeper>;
}

export type RuntimeResult = { ok: true; runtime: Runtime } | { ok: false; problems: string[] };

/**
 * Takes the environment as it is now, when the code is loaded, and reads it at the first call. Later would be too
 * late: the platform writes keys of the caller into `process.env` call by call, `WX_APPID` among them.
 */
export function createRuntime(functionName: string): () => RuntimeResult {
  const env = { ...process.env };
  let result: RuntimeResult | undefined;
  return () => {
    result ??= build(readConfig(env), functionName);
    return result;
  };
}

function build(config: ConfigResult, functionName: string): RuntimeResult {
  if (!config.ok) return config;
  return { ok: true, runtime: { config: config.config, keepers: keepersOf(config.config, functionName) } };
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
  const who = `${functionName}/${randomUUID().slice(0, 8)}`;
  const cipher = createTokenCipher(config.encryptionKeys);
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
      const store = createCloudStore(collection, appid, randomUUID, cipher);
      return [appid, createKeeper(appid, policy, { store, mint, newId: randomUUID, who, log, ...clock })];
    }),
  );
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

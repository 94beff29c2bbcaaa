/** Puts the pieces together: one app per configured app, on the real database, the real WeChat, the real clock. */

import { randomUUID } from 'node:crypto';
import { createAlerts } from '../alerts/alerts.ts';
import { ALERT_FIELDS } from '../alerts/incidents.ts';
import type { AfterTicks } from '../alerts/timer.ts';
import { createTokenCipher } from '../store/cipher.ts';
import { createCloudStore } from '../store/cloud-store.ts';
import { createCollection } from '../store/collection.ts';
import type { Collection } from '../store/collection.ts';
import { COLLECTION } from '../store/document.ts';
import { createApp } from '../token/app.ts';
import type { App } from '../token/app.ts';
import { createMint } from '../wechat/mint.ts';
import { send } from '../wechat/send.ts';
import type { Log } from '../token/ports.ts';
import { createLog } from './log.ts';
import { readConfig } from './config.ts';
import type { Config, ConfigResult } from './config.ts';

export interface Runtime {
  config: Config;
  apps: ReadonlyMap<string, App>;
  /** Null where nobody is alerted, and for all functions but the timer's. */
  afterTicks: AfterTicks | null;
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
  const log = createLog(functionName, writeLine);
  for (const errmsg of config.config.warnings) log('alert_failed', { errmsg });
  const alerts = alertsOf(config.config, functionName, log);
  const apps = appsOf(
    config.config,
    functionName,
    log,
    alerts?.collection ?? createCollection(COLLECTION, ALERT_FIELDS),
  );
  return { ok: true, runtime: { config: config.config, apps, afterTicks: alerts?.afterTicks ?? null } };
}

function alertsOf({ alertWebhookUrl, apps }: Config, functionName: string, log: Log) {
  if (alertWebhookUrl === null) return null;
  return createAlerts({
    webhookUrl: alertWebhookUrl,
    appids: apps.map(({ appid }) => appid),
    isTimer: functionName === 'refreshAccessToken',
    collection: createCollection(),
    send,
    now: () => Date.now(),
    newId: randomUUID,
    log,
  });
}

/** The line that the functions answer with when variables are missing or malformed. */
export function describeProblems(problems: readonly string[]): string {
  return `misconfigured: ${problems.join('; ')}. Set the variables of the functions and run npm run deploy`;
}

// eslint-disable-next-line no-console -- the platform's log is the function's standard output
export const writeLine = (line: string): void => console.log(line);

function appsOf(
  config: Config,
  functionName: string,
  log: Log,
  collection: Collection,
): ReadonlyMap<string, App> {
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
      return [appid, createApp(appid, policy, { store, mint, newId: randomUUID, who, log, ...clock })];
    }),
  );
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

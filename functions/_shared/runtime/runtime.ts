/** Puts the pieces together for each configured app. What isn't configured isn't loaded: alerts and the cipher. */

import { randomUUID } from 'node:crypto';
import type { Alerts } from '../alerts/alerts.ts';
import { createCloudStore } from '../store/cloud-store.ts';
import { createCollection } from '../store/collection.ts';
import type { Collection, ListReader } from '../store/collection.ts';
import { ALERT_FIELDS, COLLECTION } from '../store/document.ts';
import { createReadAhead } from '../store/read-ahead.ts';
import type { ReadAhead } from '../store/read-ahead.ts';
import { inClear } from '../store/sealed.ts';
import type { TokenCipher } from '../store/sealed.ts';
import { createApp } from '../token/app.ts';
import type { App } from '../token/app.ts';
import type { Log } from '../token/ports.ts';
import { createMint } from '../wechat/mint.ts';
import { createProbe } from '../wechat/probe.ts';
import { send } from '../wechat/send.ts';
import { readConfig } from './config.ts';
import type { Config, ConfigResult } from './config.ts';
import { createLog } from './log.ts';

/** The function that the timer calls. */
const TIMER = 'refreshAccessToken';

export interface Runtime {
  config: Config;
  apps: ReadonlyMap<string, App>;
  /** Null where nobody is alerted, and for whoever does not tick. */
  afterTicks: Alerts['afterTicks'];
  /** Before the ticks of these apps; null for whoever does not tick. */
  readAhead: ReadAhead['readAhead'] | null;
}

export type RuntimeResult = { ok: true; runtime: Runtime } | { ok: false; problems: string[] };

/**
 * `isTicked`: it ticks, and does not read for callers.
 *
 * Takes the environment as it is now, when the code is loaded, and reads it at the first call. Later would be too
 * late: the platform writes keys of the caller into `process.env` call by call, `WX_APPID` among them.
 */
export function createRuntime(
  functionName: string,
  isTicked = functionName === TIMER,
): () => Promise<RuntimeResult> {
  const env = { ...process.env };
  let result: Promise<RuntimeResult> | undefined;
  return () => {
    result ??= build(readConfig(env), functionName, isTicked);
    return result;
  };
}

async function build(result: ConfigResult, functionName: string, isTicked: boolean): Promise<RuntimeResult> {
  if (!result.ok) return result;
  const { config } = result;
  const log = createLog(functionName, writeLine);
  for (const errmsg of config.warnings) log('alert_failed', { errmsg });
  const alerts = await alertsOf(config, isTicked, log);
  const collection = alerts?.collection ?? createCollection(COLLECTION, ALERT_FIELDS);
  const ahead = isTicked ? readAheadOf(collection, log) : null;
  const cipher = await cipherOf(config);
  const apps = appsOf(config, functionName, log, { collection: ahead ?? collection, cipher });
  const afterTicks = alerts?.afterTicks ?? null;
  return { ok: true, runtime: { config, apps, afterTicks, readAhead: ahead?.readAhead ?? null } };
}

function readAheadOf(collection: Collection & ListReader, log: Log): ReadAhead {
  return createReadAhead(
    collection,
    () => Date.now(),
    ({ code, message }) => log('store_failed', { code, errmsg: message }),
  );
}

const SILENCE_OF = { timer: 'timerSilent', outside: 'outsideSilent', readers: null } as const;

async function alertsOf(
  { alertWebhookUrl, apps, ticks }: Config,
  isTicked: boolean,
  log: Log,
): Promise<Alerts | null> {
  if (alertWebhookUrl === null) return null;
  const { createAlerts } = await import('../alerts/alerts.ts');
  return createAlerts({
    webhookUrl: alertWebhookUrl,
    appids: apps.map(({ appid }) => appid),
    isTicked,
    silence: SILENCE_OF[ticks],
    collection: createCollection(),
    send,
    now: () => Date.now(),
    newId: randomUUID,
    log,
  });
}

async function cipherOf({ encryptionKeys }: Config): Promise<TokenCipher> {
  if (encryptionKeys.length === 0) return inClear;
  const { createTokenCipher } = await import('../store/cipher.ts');
  return createTokenCipher(encryptionKeys);
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
  { collection, cipher }: { collection: Collection; cipher: TokenCipher },
): ReadonlyMap<string, App> {
  const who = `${functionName}/${randomUUID().slice(0, 8)}`;
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
      const probe = createProbe({ baseUrls: config.baseUrls, send, ...clock });
      const store = createCloudStore(collection, appid, randomUUID, cipher);
      return [appid, createApp(appid, policy, { store, mint, probe, newId: randomUUID, who, log, ...clock })];
    }),
  );
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

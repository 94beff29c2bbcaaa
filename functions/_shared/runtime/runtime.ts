/** Puts the pieces together for each configured app. What isn't configured isn't loaded: alerts, the cipher, tickets. */

import { randomUUID } from 'node:crypto';
import type { AlertOptions, Alerts } from '../alerts/alerts.ts';
import { createCloudStore } from '../store/cloud-store.ts';
import { createCollection } from '../store/collection.ts';
import type { Collection, ListReader } from '../store/collection.ts';
import { ALERT_FIELDS, COLLECTION, TICKETS_COLLECTION } from '../store/document.ts';
import { createReadAhead } from '../store/read-ahead.ts';
import type { ReadAhead } from '../store/read-ahead.ts';
import { inClear } from '../store/sealed.ts';
import type { TokenCipher } from '../store/sealed.ts';
import type { App } from '../token/app.ts';
import type { TokenError } from '../token/ports.ts';
import type { createTickets as CreateTickets } from '../ticket/tickets.ts';
import { send } from '../wechat/send.ts';
import { readConfig } from './config.ts';
import type { Config, ConfigResult } from './config.ts';
import { createLog, writeLine } from './log.ts';
import { createTokens } from './tokens.ts';
import type { StoreOf } from './tokens.ts';
import { ticketId } from '../ticket/settings.ts';

/** The function that the timer calls. */
const TIMER = 'refreshAccessToken';
/** The functions that hand out tickets. */
const TICKETS = new Set(['getTicket', 'accessTokenHttp']);

/** What is kept in one collection. */
export interface Kept {
  /** By the document's `_id`. */
  apps: ReadonlyMap<string, App>;
  /** Before the ticks of these apps; null for whoever does not tick. */
  readAhead: ReadAhead['readAhead'] | null;
}

export interface Runtime extends Kept {
  config: Config;
  /** Null where none are configured, and for whoever has nothing to do with them. */
  tickets: Kept | null;
  /** Null where nobody is alerted, and for whoever does not tick. */
  afterTicks: Alerts['afterTicks'];
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
  return () => (result ??= build(readConfig(env), functionName, isTicked));
}

async function build(result: ConfigResult, functionName: string, isTicked: boolean): Promise<RuntimeResult> {
  if (!result.ok) return result;
  const { config } = result;
  const log = createLog(functionName, writeLine);
  for (const errmsg of config.warnings)
    log(errmsg.startsWith('WX_TICKETS') ? 'misconfigured' : 'alert_failed', { errmsg });
  const who = `${functionName}/${randomUUID().slice(0, 8)}`;
  const ports = { now: () => Date.now(), sleep, random: () => Math.random(), newId: randomUUID, who, log };
  const ofTokens = createCollection(COLLECTION, config.alertWebhookUrl === null ? ALERT_FIELDS : []);
  const alerts = await alertsOf(config, isTicked, { ...ports, collection: ofTokens });
  const cipher = await cipherOf(config);
  const keepIn = (collection: Collection & ListReader, appsOf: (storeOf: StoreOf) => Kept['apps']): Kept => {
    const onFailed = ({ code, message }: TokenError): void => log('store_failed', { code, errmsg: message });
    const ahead = isTicked ? createReadAhead(collection, ports.now, onFailed) : null;
    const storeOf: StoreOf = (id) => createCloudStore(ahead ?? collection, id, randomUUID, cipher);
    return { apps: appsOf(storeOf), readAhead: ahead?.readAhead ?? null };
  };
  const tokens = keepIn(alerts.tokens(ofTokens), (storeOf) => createTokens(config, storeOf, ports));
  const createTickets = isTicked || TICKETS.has(functionName) ? await ticketsOf(config) : null;
  const upstream = { baseUrls: config.baseUrls, send };
  const tickets =
    createTickets &&
    keepIn(alerts.tickets(createCollection(TICKETS_COLLECTION)), (storeOf) =>
      createTickets({ tickets: config.tickets, tokens: tokens.apps, storeOf, ports, upstream }),
    );
  return { ok: true, runtime: { ...tokens, config, tickets, afterTicks: alerts.afterTicks } };
}

/** Where nobody is alerted. */
const NO_ALERTS: Alerts = { tokens: (unseen) => unseen, tickets: (unseen) => unseen, afterTicks: null };

const SILENCE_OF = { timer: 'timerSilent', outside: 'outsideSilent', readers: null } as const;

async function alertsOf(
  { alertWebhookUrl, apps, tickets, ticks }: Config,
  isTicked: boolean,
  ports: Pick<AlertOptions, 'collection' | 'now' | 'newId' | 'log'>,
): Promise<Alerts> {
  if (alertWebhookUrl === null) return NO_ALERTS;
  const { createAlerts } = await import('../alerts/alerts.ts');
  return createAlerts({
    ...ports,
    webhookUrl: alertWebhookUrl,
    appids: [...apps.map(({ appid }) => appid), ...tickets.map(ticketId)],
    isTicked,
    silence: SILENCE_OF[ticks],
    send,
  });
}

async function ticketsOf({ tickets }: Config): Promise<typeof CreateTickets | null> {
  return tickets.length === 0 ? null : (await import('../ticket/tickets.ts')).createTickets;
}

async function cipherOf({ encryptionKeys }: Config): Promise<TokenCipher> {
  if (encryptionKeys.length === 0) return inClear;
  const { createTokenCipher } = await import('../store/cipher.ts');
  return createTokenCipher(encryptionKeys);
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

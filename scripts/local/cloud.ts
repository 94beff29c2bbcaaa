/** The embedded cloud in one piece: database, files, gateway, functions, timer, client door and, unless told otherwise, WeChat. */

import { join } from 'node:path';
import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import { COLLECTION, TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';
import { configFiles, readDeclarations, type FunctionDeclaration } from '../build/declarations.ts';
import { namesWith, readPrefix } from './names.ts';
import type { CloudClock } from './clock.ts';
import { createCredentials } from './credentials.ts';
import { DEFAULT_RULE } from './database/access-rule.ts';
import { openDatabase, type Database } from './database/open.ts';
import { createClientActions } from './door/client-actions.ts';
import { DEFAULT_OPENID } from './door/callers.ts';
import { publishDoor } from './door/door-file.ts';
import { startDoor } from './door/door.ts';
import type { CloudIdentity } from './functions/environment.ts';
import { startFunctionHost, type FunctionHost, type FunctionHostOptions } from './functions/host.ts';
import { startGateway, type Gateway } from './gateway/start.ts';
import { createSecret } from './guard.ts';
import { forgetTroubles, resetSandbox } from './reset.ts';
import type { HttpServer } from './http-server.ts';
import { createOpenApi } from './openapi.ts';
import type { Proxy } from '../proxy/read.ts';
import { fillCollections, NO_SEED, type Seed } from './seed.ts';
import { openStorage, type Storage } from './storage/storage.ts';
import { startTimer, triggersOf, type Timer, type TimerOptions } from './timer/timer.ts';
import { makeWxCloudScript } from './wx-cloud/script.ts';
import { appsIn, definedOnly, fillPlaceholders, sandboxAppsIn, type Variables } from './variables.ts';
import type { AppOptions } from './wechat/account.ts';
import { SANDBOX_COLLECTION, startRememberedSandbox } from './wechat/remembered.ts';
import type { WeChatSandbox } from './wechat/sandbox.ts';

export { COLLECTION };

/** Tokens, keys of servers and the sandbox's memory are in them: no mini program and no page sees any of it. */
export const OUR_COLLECTIONS: readonly string[] = [
  COLLECTION,
  TICKETS_COLLECTION,
  SERVERS_COLLECTION,
  SANDBOX_COLLECTION,
];

const ENV_ID = 'local-env';
const REGION = 'ap-shanghai';
export interface CloudOptions {
  /** The repository. */
  root: string;
  /** Where `npm run build` has put the functions. */
  codeRoot: string;
  clock: CloudClock;
  /** Undefined keeps the database for this process only. */
  dataFolder?: string | undefined;
  /** Fill the placeholders of cloudbaserc.json. */
  variables: Variables;
  /** What the sandbox knows of its apps, where it differs from what the functions are told. */
  sandboxApps?: readonly AppOptions[];
  /** The way out for the functions. */
  proxy?: Proxy | undefined;
  /** Ask the real WeChat, not the sandbox. */
  isWeChatReal?: boolean;
  ports?: { gateway: number; door: number; sandbox: number };
  /** Functions beside those of cloudbaserc.json, with a `directory` each. */
  guests?: readonly FunctionDeclaration[];
  /** Documents of collections that are empty, and access rules. */
  seed?: Seed;
  host?: Partial<FunctionHostOptions>;
  onTick?: (trigger: { functionName: string }, outcome: Outcome) => void;
  /** Without it the timer's triggers do nothing by themselves. */
  hasTimer?: boolean;
  /** Its door is written into the data folder. Not for a command's own cloud: it is gone before anybody could ask. */
  isPublished?: boolean;
}

type Outcome = Awaited<ReturnType<FunctionHost['invoke']>>;

export interface Cloud {
  clock: CloudClock;
  database: Database;
  storage: Storage;
  gateway: Gateway;
  host: FunctionHost;
  door: HttpServer;
  /** Opens the door and the sandbox's knobs; another one at each start. */
  secret: string;
  /** Its environment, and what an SDK signs with: other keys at each start, known to this process and its instances. */
  identity: CloudIdentity;
  timer: Timer;
  /** Undefined where WeChat is the real one. */
  sandbox: WeChatSandbox | undefined;
  /** What the sandbox's knobs have done is undone; undefined where WeChat is the real one. */
  reset: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** Rejects with one readable sentence, and leaves nothing running, when a part can't start. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    return await assemble(options, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function assemble(
  options: CloudOptions,
  closers: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<Cloud> {
  const { clock, ports = { gateway: 0, door: 0, sandbox: 0 } } = options;
  const secret = createSecret();
  const identity: CloudIdentity = { envId: ENV_ID, region: REGION, credentials: createCredentials() };
  const { credentials } = identity;
  const configs = configFiles(options.variables);
  const declared = await readDeclarations(options.root, configs);
  const database = openDatabase({ folder: options.dataFolder, clock });
  closers.push(() => database.close());
  // What `npm run deploy` does in a real environment: the functions never create the collection.
  for (const name of [COLLECTION, ...(configs.length > 1 ? [TICKETS_COLLECTION] : []), SERVERS_COLLECTION])
    if (!database.hasCollection(name)) database.createCollection(name);
  const seed = options.seed ?? NO_SEED;
  await fillCollections(database, seed);
  const files = options.dataFolder === undefined ? undefined : join(options.dataFolder, 'storage');
  const storage = openStorage({ envId: ENV_ID, clock, folder: files });
  closers.push(() => storage.close());
  const sandbox = options.isWeChatReal
    ? undefined
    : await startRememberedSandbox(database, {
        clock,
        port: ports.sandbox,
        secret,
        apps: options.sandboxApps ?? sandboxAppsIn(options.variables),
      });
  if (sandbox) closers.push(() => sandbox.close());
  if (sandbox) await forgetTroubles(database, clock.now());
  const functions = [...declared, ...(options.guests ?? [])];
  const appid = appsIn(options.variables)[0]?.appid ?? '';
  const plain = withoutPrefix(readPrefix(options.variables));
  const gateway: Gateway = await startGateway({
    database,
    storage,
    openApi: sandbox && createOpenApi({ sandbox, functions, clock, appid }),
    clock,
    port: ports.gateway,
    credentials: (secretId) => (secretId === credentials.secretId ? credentials : undefined),
    invokeFunction: async ({ name, data, source }) => {
      const outcome = await host.invoke({
        name: plain(name),
        event: data,
        caller: { kind: 'function', source },
      });
      return 'failure' in outcome ? outcome.failure : outcome;
    },
  });
  closers.push(() => gateway.close());
  const host = await startHost(options, declared, { gateway, sandbox, identity });
  closers.push(() => host.close());
  const names = functions.map(({ name }) => name);
  const startOffsetMs = clock.offsetMs();
  const reset = sandbox && (() => resetSandbox({ clock, database, sandbox, host }, startOffsetMs));
  const about = () => ({ dataFolder: options.dataFolder ?? null, offsetMs: clock.offsetMs() });
  const door: HttpServer = await startDoor({
    port: ports.door,
    secret,
    functions: names,
    invoke: host.invoke,
    about,
    reset,
    client: createClientActions({
      database,
      storage,
      clock,
      origin: `http://127.0.0.1:${gateway.port}`,
      ruleOf: (name) =>
        OUR_COLLECTIONS.includes(name) ? 'ADMINONLY' : (seed.rules.get(name) ?? DEFAULT_RULE),
    }),
    script: () => makeWxCloudScript({ url: door.url, secret, openid: DEFAULT_OPENID }),
  });
  closers.push(() => door.close());
  if (options.isPublished && options.dataFolder !== undefined)
    closers.push(publishDoor(options.dataFolder, { url: door.url, secret }));
  // Ours tick where the timer is meant to; the user's own functions have timers of their own.
  const ticked = readTicks(options.variables['TICKS']) === 'timer' ? declared : [];
  const timer = startTimer({
    triggers: options.hasTimer ? triggersOf([...ticked, ...(options.guests ?? [])]) : [],
    clock,
    fire: fireOn(host, options),
  });
  closers.push(() => timer.stop());
  return { clock, database, storage, gateway, host, door, secret, identity, timer, sandbox, reset, close };
}

function startHost(
  { clock, codeRoot, variables, guests = [], proxy, host }: CloudOptions,
  declared: readonly FunctionDeclaration[],
  parts: { gateway: Gateway; sandbox: WeChatSandbox | undefined; identity: CloudIdentity },
): Promise<FunctionHost> {
  const { gateway, sandbox, identity } = parts;
  const appid = appsIn(variables)[0]?.appid;
  const wechat: Variables = sandbox ? { WX_API_BASE_URLS: sandbox.url, WX_API_BASE_URL: sandbox.url } : {};
  return startFunctionHost({
    functions: [...declared, ...guests],
    codeRoot,
    // What the user sets wins over the sandbox: tests put a dead host in front of it.
    environment: (declaration) => fillPlaceholders(declaration, { ...wechat, ...definedOnly(variables) }),
    clock,
    gatewayUrl: () => gateway.url,
    ...identity,
    proxy,
    sandboxUrl: sandbox?.url,
    ...(appid === undefined ? {} : { appid }),
    ...host,
  });
}

/** Functions call ours by the names that they have in the environment, here as there. */
function withoutPrefix(prefix: string): (name: string) => string {
  const ours: string[] = Object.values(namesWith(''));
  return (name) => ours.find((own) => `${prefix}${own}` === name) ?? name;
}

function fireOn(host: FunctionHost, { onTick }: CloudOptions): TimerOptions['fire'] {
  return async (trigger, event) => {
    const outcome = await host.invoke({
      name: trigger.functionName,
      event,
      caller: { kind: 'timer', variety: 'native' },
    });
    onTick?.(trigger, outcome);
    return outcome;
  };
}

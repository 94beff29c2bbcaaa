/** The parts of the embedded cloud, each started with what it needs of those before it. */

import { join } from 'node:path';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import type { FunctionDeclaration } from '../build/declarations.ts';
import type { CloudOptions } from './cloud-options.ts';
import { DEFAULT_RULE } from './database/access-rule.ts';
import { openDatabase, type Database } from './database/open.ts';
import { createClientActions } from './door/client-actions.ts';
import type { CloudIdentity } from './functions/environment.ts';
import { startFunctionHost, type FunctionHost } from './functions/host.ts';
import type { GatewayOptions } from './gateway/options.ts';
import type { Gateway } from './gateway/start.ts';
import { namesWith, readPrefix } from './names.ts';
import { createOurCollections, OUR_COLLECTIONS } from './our-collections.ts';
import { forgetTroubles } from './reset.ts';
import { fillCollections, NO_SEED } from './seed.ts';
import { openStorage, type Storage } from './storage/storage.ts';
import { startTimer, triggersOf, type Timer } from './timer/timer.ts';
import { appsIn, definedOnly, fillPlaceholders, sandboxAppsIn, type Variables } from './variables.ts';
import { startRememberedSandbox } from './wechat/remembered.ts';
import type { WeChatSandbox } from './wechat/sandbox.ts';

/** What ends a part; the last one started ends first. */
export type OnClose = (close: () => Promise<void> | void) => void;

export const ENV_ID = 'local-env';

export async function openData(
  { clock, dataFolder, seed = NO_SEED }: CloudOptions,
  hasTickets: boolean,
  onClose: OnClose,
): Promise<{ database: Database; storage: Storage }> {
  const database = openDatabase({ folder: dataFolder, clock });
  onClose(() => database.close());
  createOurCollections(database, hasTickets);
  await fillCollections(database, seed);
  const files = dataFolder === undefined ? undefined : join(dataFolder, 'storage');
  const storage = openStorage({ envId: ENV_ID, clock, folder: files });
  onClose(() => storage.close());
  return { database, storage };
}

/** Undefined where WeChat is the real one. */
export async function openWeChat(
  { clock, isWeChatReal, ports, sandboxApps, variables }: CloudOptions,
  { database, secret }: { database: Database; secret: string },
  onClose: OnClose,
): Promise<WeChatSandbox | undefined> {
  if (isWeChatReal) return undefined;
  const apps = sandboxApps ?? sandboxAppsIn(variables);
  const sandbox = await startRememberedSandbox(database, { clock, port: ports?.sandbox ?? 0, secret, apps });
  onClose(() => sandbox.close());
  await forgetTroubles(database, clock.now());
  return sandbox;
}

export function startHost(
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

/** Calls of functions by functions, by the names that they have in the environment. */
export function invokeBetween(
  variables: Variables,
  invoke: FunctionHost['invoke'],
): GatewayOptions['invokeFunction'] {
  const plain = withoutPrefix(readPrefix(variables));
  return async ({ name, data, source }) => {
    const outcome = await invoke({ name: plain(name), event: data, caller: { kind: 'function', source } });
    return 'failure' in outcome ? outcome.failure : outcome;
  };
}

/** Functions call ours by the names that they have in the environment, here as there. */
function withoutPrefix(prefix: string): (name: string) => string {
  const ours: string[] = Object.values(namesWith(''));
  return (name) => ours.find((own) => `${prefix}${own}` === name) ?? name;
}

/** What a mini program reaches through the door; its access rules are those of the seed. */
export function clientActions(
  { clock, seed = NO_SEED }: CloudOptions,
  parts: { database: Database; storage: Storage; gateway: Gateway },
): ReturnType<typeof createClientActions> {
  const { database, storage, gateway } = parts;
  return createClientActions({
    database,
    storage,
    clock,
    origin: `http://127.0.0.1:${gateway.port}`,
    ruleOf: (name) => (OUR_COLLECTIONS.includes(name) ? 'ADMINONLY' : (seed.rules.get(name) ?? DEFAULT_RULE)),
  });
}

/** Ours tick where the timer is meant to; the user's own functions have timers of their own. */
export function startTriggers(
  { clock, guests = [], hasTimer, onTick, variables }: CloudOptions,
  declared: readonly FunctionDeclaration[],
  invoke: FunctionHost['invoke'],
): Timer {
  const ticked = readTicks(variables['TICKS']) === 'timer' ? declared : [];
  return startTimer({
    triggers: hasTimer ? triggersOf([...ticked, ...guests]) : [],
    clock,
    async fire(trigger, event) {
      const caller = { kind: 'timer', variety: 'native' } as const;
      const outcome = await invoke({ name: trigger.functionName, event, caller });
      onTick?.(trigger, outcome);
      return outcome;
    },
  });
}

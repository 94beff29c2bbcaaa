/** The embedded cloud in one piece: database, files, gateway, functions, timer, client door and, unless told otherwise, WeChat. */

import { COLLECTION } from '../../functions/_shared/store/document.ts';
import { configFiles, readDeclarations } from '../build/declarations.ts';
import type { CloudClock } from './clock.ts';
import type { CloudOptions } from './cloud-options.ts';
import {
  clientActions,
  ENV_ID,
  invokeBetween,
  openData,
  openWeChat,
  startHost,
  startTriggers,
  type OnClose,
} from './cloud-parts.ts';
import { createCredentials } from './credentials.ts';
import type { Database } from './database/open.ts';
import { DEFAULT_OPENID } from './door/callers.ts';
import { publishDoor } from './door/door-file.ts';
import { startDoor } from './door/door.ts';
import type { CloudIdentity } from './functions/environment.ts';
import type { FunctionHost } from './functions/host.ts';
import { startGateway, type Gateway } from './gateway/start.ts';
import { createSecret } from './guard.ts';
import type { HttpServer } from './http-server.ts';
import { createOpenApi } from './openapi.ts';
import { resetSandbox } from './reset.ts';
import type { Storage } from './storage/storage.ts';
import type { Timer } from './timer/timer.ts';
import { appsIn } from './variables.ts';
import type { WeChatSandbox } from './wechat/sandbox.ts';
import { makeWxCloudScript } from './wx-cloud/script.ts';

export { COLLECTION };

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
  const closers: Parameters<OnClose>[0][] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    return await assemble(options, (close) => closers.push(close), closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

const REGION = 'ap-shanghai';

async function assemble(options: CloudOptions, onClose: OnClose, close: () => Promise<void>): Promise<Cloud> {
  const { clock, variables, guests = [], ports } = options;
  const secret = createSecret();
  const identity: CloudIdentity = { envId: ENV_ID, region: REGION, credentials: createCredentials() };
  const { credentials } = identity;
  const configs = configFiles(variables);
  const declared = await readDeclarations(options.root, configs);
  const functions = [...declared, ...guests];
  const { database, storage } = await openData(options, configs.length > 1, onClose);
  const sandbox = await openWeChat(options, { database, secret }, onClose);
  const appid = appsIn(variables)[0]?.appid ?? '';
  const gateway: Gateway = await startGateway({
    database,
    storage,
    openApi: sandbox && createOpenApi({ sandbox, functions, clock, appid }),
    clock,
    port: ports?.gateway ?? 0,
    credentials: (secretId) => (secretId === credentials.secretId ? credentials : undefined),
    invokeFunction: invokeBetween(variables, (invocation) => host.invoke(invocation)),
  });
  onClose(() => gateway.close());
  const host = await startHost(options, declared, { gateway, sandbox, identity });
  onClose(() => host.close());
  const startOffsetMs = clock.offsetMs();
  const reset = sandbox && (() => resetSandbox({ clock, database, sandbox, host }, startOffsetMs));
  const door: HttpServer = await startDoor({
    port: ports?.door ?? 0,
    secret,
    functions: functions.map(({ name }) => name),
    invoke: host.invoke,
    about: () => ({ dataFolder: options.dataFolder ?? null, offsetMs: clock.offsetMs() }),
    reset,
    client: clientActions(options, { database, storage, gateway }),
    script: () => makeWxCloudScript({ url: door.url, secret, openid: DEFAULT_OPENID }),
  });
  onClose(() => door.close());
  if (options.isPublished && options.dataFolder !== undefined)
    onClose(publishDoor(options.dataFolder, { url: door.url, secret }));
  const timer = startTriggers(options, declared, host.invoke);
  onClose(() => timer.stop());
  return { clock, database, storage, gateway, host, door, secret, identity, timer, sandbox, reset, close };
}

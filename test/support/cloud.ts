/** An embedded cloud for a test: the built bundles, the real SDK, processes for instances; closed when the test ends. */

import { join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { FunctionDeclaration } from '../../scripts/build/declarations.ts';
import { createCloudClock, type CloudClock } from '../../scripts/local/clock.ts';
import { COLLECTION, startCloud, type Cloud, type CloudOptions } from '../../scripts/local/cloud.ts';
import type { Caller } from '../../scripts/local/functions/caller-context.ts';
import type { WeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';

export const APPID = 'wxtest000000000001';
export const SECRET = 'test-app-secret-0001';
export const NOON_MS = Date.UTC(2026, 10, 22, 4, 0, 0);
export const ROOT = resolve(import.meta.dirname, '../..');

const FUNCTION: Caller = { kind: 'function', source: ',scf' };
const TIMER: Caller = { kind: 'timer', variety: 'native' };
const VISITOR: Caller = { kind: 'client', openid: 'oVisitor' };

/** What opens a door of this machine. */
export const bearer = (secret: string): { authorization: string } => ({ authorization: `Bearer ${secret}` });

export interface TestCloud extends Cloud {
  clock: CloudClock;
  sandbox: WeChatSandbox;
  get(event?: object, caller?: Caller): Promise<Reply>;
  refresh(caller?: Caller): Promise<RefreshReply>;
  /** Calls a function as a mini program does. */
  visit(name: string, event?: object): Promise<unknown>;
  stored(appid?: string): Record<string, unknown> | undefined;
  storedToken(appid?: string): string | undefined;
  isAlive(token: string | undefined): boolean;
  mints(appid?: string): number;
}

export interface Reply {
  errcode: number;
  errmsg: string;
  appid?: string;
  access_token?: string;
  expires_in?: number;
  expires_at?: number;
  retry_after?: number;
}

interface RefreshReply {
  errcode: number;
  errmsg: string;
  results: {
    appid: string;
    action: string;
    errcode: number;
    errmsg: string;
    expires_in: number;
    refresh_in: number;
  }[];
}

export interface TestCloudOptions extends Partial<Omit<CloudOptions, 'variables' | 'isWeChatReal'>> {
  variables?: Record<string, string>;
  /** Stands still until the test moves it; without it the clock is the machine's. */
  startAtMs?: number;
}

/** Every test ends with the proof that no instance has met an error that nobody caught. */
export async function startTestCloud({
  variables,
  startAtMs,
  ...options
}: TestCloudOptions = {}): Promise<TestCloud> {
  const clock = options.clock ?? createCloudClock(startAtMs);
  if (startAtMs !== undefined) clock.freeze(startAtMs);
  const cloud = await startCloud({
    root: ROOT,
    codeRoot: join(ROOT, 'dist/functions'),
    clock,
    variables: variables ?? { WX_APPID: APPID, WX_APPSECRET: SECRET },
    guests: GUESTS,
    ...options,
  });
  onTestFinished(async () => {
    const crashes = [...cloud.host.crashes()];
    await cloud.close();
    expect(crashes).toEqual([]);
  });
  return withShortcuts(cloud);
}

function withShortcuts(cloud: Cloud): TestCloud {
  const { host, database, sandbox, clock } = cloud;
  if (sandbox === undefined) throw new Error('a test never talks to the real WeChat');
  const call = async (name: string, event: unknown, caller: Caller): Promise<unknown> => {
    const outcome = await host.invoke({ name, event, caller });
    if ('failure' in outcome) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
    return outcome.result;
  };
  const stored = (appid = APPID) => database.collection(COLLECTION).find({ query: { _id: appid } })[0];
  return {
    ...cloud,
    sandbox,
    get: (event = {}, caller = FUNCTION) => call('getAccessToken', event, caller) as Promise<Reply>,
    refresh: (caller = TIMER) =>
      call('refreshAccessToken', { Type: 'Timer' }, caller) as Promise<RefreshReply>,
    visit: (name, event = {}) => call(name, event, VISITOR),
    stored,
    storedToken: (appid) => (stored(appid)?.['token'] as { value: string } | null | undefined)?.value,
    isAlive: (token) => sandbox.wechat.useToken(token, clock.now()).errcode === 0,
    mints: (appid = APPID) => sandbox.wechat.mints(appid).legacy + sandbox.wechat.mints(appid).stable,
  };
}

const GUESTS: FunctionDeclaration[] = ['askWithNodeSdk', 'askWithWxServerSdk'].map((name) => ({
  name,
  directory: join(ROOT, 'dist/test-guests', name),
  handler: 'index.main',
  timeout: 20,
  memorySize: 256,
  envVariables: { WX_API_BASE_URL: '{{env.WX_API_BASE_URL}}' },
  triggers: [],
}));

/** An embedded cloud for a test: the built bundles, the real SDK, processes for instances; closed when the test ends. */

import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { FunctionDeclaration } from '../../scripts/build/declarations.ts';
import { createCloudClock, type CloudClock } from '../../scripts/local/clock.ts';
import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import { TICKETS_COLLECTION } from '../../functions/_shared/store/document.ts';
import { COLLECTION, startCloud, type Cloud } from '../../scripts/local/cloud.ts';
import type { CloudOptions } from '../../scripts/local/cloud-options.ts';
import type { Caller } from '../../scripts/local/functions/caller-context.ts';
import type { WeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { lend, type Lendable } from './lend.ts';
import { ROOT } from './root.ts';

export const APPID = 'wxtest000000000001';
export const SECRET = 'test-app-secret-0001';
const ONE_APP = { WX_APPID: APPID, WX_APPSECRET: SECRET };
export const NOON_MS = Date.UTC(2026, 10, 22, 4, 0, 0);
export { ROOT };

/** Of a function, at the most: where a test asks for all of them, each that starts costs a third of a second. */
export const INSTANCES = 8;
const DAY_MS = 24 * 3_600_000;
const FUNCTIONS = ['refreshAccessToken', 'getAccessToken', 'getTicket', 'accessTokenHttp'];

const FUNCTION: Caller = { kind: 'function', source: ',scf' };
const TIMER: Caller = { kind: 'timer', variety: 'native' };
const VISITOR: Caller = { kind: 'client', openid: 'oVisitor' };

/** What opens a door of this machine. */
export const bearer = (secret: string): { authorization: string } => ({ authorization: `Bearer ${secret}` });

export interface TestCloud extends Cloud, Lendable {
  clock: CloudClock;
  sandbox: WeChatSandbox;
  /** What the functions have written to their log. */
  lines: string[];
  get(event?: object, caller?: Caller): Promise<Reply>;
  /** Of getTicket, where WX_TICKETS is among the variables. */
  ticket(event?: object, caller?: Caller): Promise<TicketReply>;
  refresh(caller?: Caller): Promise<RefreshReply>;
  /** Calls a function as a mini program does. */
  visit(name: string, event?: object): Promise<unknown>;
  stored(appid?: string): Record<string, unknown> | undefined;
  storedTicket(id?: string): Record<string, unknown> | undefined;
  /** How many tickets WeChat has handed out today. */
  fetches(appid?: string): number;
  storedToken(appid?: string): string | undefined;
  isAlive(token: string | undefined): boolean;
  mints(appid?: string): number;
  /** Closes it, with the proof that no instance has met an error that nobody caught. */
  end(): Promise<void>;
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

interface TicketReply extends Omit<Reply, 'access_token'> {
  type?: string;
  ticket?: string;
  appId?: string;
  timestamp?: number;
  nonceStr?: string;
  signature?: string;
  url?: string;
  confirmed_at?: number;
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
  tickets?: RefreshReply['results'];
}

export interface TestCloudOptions extends Partial<Omit<CloudOptions, 'variables' | 'isWeChatReal'>> {
  variables?: Record<string, string>;
  /** Stands still until the test moves it; without it the clock is the machine's. */
  startAtMs?: number;
}

/** For one test, which ends it. */
export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const cloud = await openTestCloud(options);
  onTestFinished(cloud.end);
  return cloud;
}

/** For one test, and then for the next that asks for the same: with warm instances, empty collections and no faults. */
export const borrowCloud = (options: TestCloudOptions = {}): Promise<TestCloud> =>
  lendCloud({ variables: ONE_APP, ...options });
const lendCloud = lend(openTestCloud);

export async function openTestCloud({
  variables,
  startAtMs,
  ...options
}: TestCloudOptions = {}): Promise<TestCloud> {
  const clock = options.clock ?? createCloudClock(startAtMs);
  if (startAtMs !== undefined) clock.freeze(startAtMs);
  const lines: string[] = [];
  const cloud = await startCloud({
    root: ROOT,
    codeRoot: join(ROOT, 'dist/test-functions'),
    clock,
    variables: variables ?? ONE_APP,
    guests: GUESTS,
    ...options,
    host: { maxInstances: INSTANCES, log: (line) => void lines.push(line), ...options.host },
  });
  return withShortcuts(cloud, lines);
}

function withShortcuts(cloud: Cloud, lines: string[]): TestCloud {
  const startedAtMs = cloud.clock.now();
  const { host, database, gateway, sandbox, clock } = cloud;
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
    lines,
    get: (event = {}, caller = FUNCTION) => call('getAccessToken', event, caller) as Promise<Reply>,
    ticket: (event = {}, caller = FUNCTION) => call('getTicket', event, caller) as Promise<TicketReply>,
    refresh: (caller = TIMER) =>
      call('refreshAccessToken', { Type: 'Timer' }, caller) as Promise<RefreshReply>,
    visit: (name, event = {}) => call(name, event, VISITOR),
    stored,
    storedTicket: (id = `${APPID}:jsapi`) =>
      database.collection(TICKETS_COLLECTION).find({ query: { _id: id } })[0],
    fetches: (appid = APPID) =>
      sandbox.wechat.account(appid).quota('/cgi-bin/ticket/getticket', clock.now())?.used ?? 0,
    storedToken: (appid) => (stored(appid)?.['token'] as { value: string } | null | undefined)?.value,
    isAlive: (token) => sandbox.wechat.useToken(token, clock.now()).errcode === 0,
    mints: (appid = APPID) => sandbox.wechat.mints(appid).legacy + sandbox.wechat.mints(appid).stable,
    async renew() {
      sandbox.faults.clear();
      sandbox.wechat.renew();
      gateway.faults.clear();
      const ours = [COLLECTION, TICKETS_COLLECTION, SERVERS_COLLECTION];
      for (const name of ours.filter((one) => database.hasCollection(one)))
        await database.collection(name).remove({}, true);
      // A day at least, and the same time of the day: what a test is about is not to happen at midnight.
      const days = Math.floor((clock.now() - startedAtMs) / DAY_MS) + 2;
      clock.advance(startedAtMs + days * DAY_MS - clock.now());
      gateway.stats.reset();
      lines.length = 0;
    },
    isAtRest: () =>
      host.crashes().length === 0 &&
      FUNCTIONS.every((name) => host.instances(name).every(({ state }) => state === 'idle')),
    async end() {
      const crashes = [...host.crashes()];
      await cloud.close();
      expect(crashes).toEqual([]);
    },
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

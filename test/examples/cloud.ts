/** An embedded cloud with the functions of examples/cloudfunctions as guests, and what they need beside it. */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildGuests } from '../../scripts/start/prepare.ts';
import { createUserCode, type CodeKind } from '../../scripts/local/wechat/user-codes.ts';
import { lend } from '../support/lend.ts';
import { APPID, bearer, openTestCloud, ROOT, SECRET, type TestCloud } from '../support/cloud.ts';

export const EXAMPLES = ['login', 'phoneNumber', 'subscribeMessage', 'imageUpload', 'qrCode'];
export const OPENID = 'oMyself';
export const TEMPLATE_ID = 'template-of-the-test';

export type Result = Record<string, unknown> & { errcode: number; errmsg: string };

export interface ExampleCloud extends TestCloud {
  call(name: string, event: object, openid?: string): Promise<Result>;
  code(kind: CodeKind, openid?: string): string;
  /** WeChat kills the token, which is too old to be a newborn. */
  revoke(): void;
  /** Paths that WeChat was called at, in order. */
  calls: string[];
  /** All that the functions have written to their logs. */
  logged: string[];
}

let built: ReturnType<typeof buildExamples> | undefined;

/** Once for each test file, in a folder of its own: two of them may run at the same time. */
async function buildExamples() {
  const folder = await mkdtemp(join(tmpdir(), 'examples-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const guests = await buildGuests(ROOT, join(folder, 'functions'), EXAMPLES);
  const variables = { WX_APPSECRET: '{{env.WX_APPSECRET}}', SUBSCRIBE_TEMPLATE_ID: TEMPLATE_ID };
  for (const { envVariables } of guests) Object.assign(envVariables, variables);
  return guests;
}

export const borrowExamples = lend(openExamples);

async function openExamples(): Promise<ExampleCloud> {
  const logged: string[] = [];
  const guests = await (built ??= buildExamples());
  const cloud = await openTestCloud({ guests, host: { log: (line) => logged.push(line) } });
  const calls: string[] = [];
  const watch = () =>
    cloud.sandbox.faults.intercept(({ stage, path }) => {
      if (stage === 'before' && !path.startsWith('/cgi-bin/token')) calls.push(path);
    });
  watch();
  return {
    ...cloud,
    async renew() {
      await cloud.renew();
      watch();
      calls.length = logged.length = 0;
    },
    calls,
    logged,
    call: (name, event, openid = OPENID) => callDoor(cloud, name, event, openid),
    code: (kind, openid = OPENID) => createUserCode(kind, openid, cloud.clock.now()),
    revoke() {
      cloud.clock.advance(31_000);
      cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
    },
  };
}

/** As `wx.cloud.callFunction` does; throws what it would. */
export async function callDoor(
  { door, secret }: Pick<TestCloud, 'door' | 'secret'>,
  name: string,
  event: object,
  openid: string,
): Promise<Result> {
  const headers = { 'x-openid': openid, ...bearer(secret) };
  const response = await fetch(`${door.url}/call/${name}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(event),
  });
  const answer = (await response.json()) as { result: Result; errMsg?: string };
  if (answer.errMsg !== undefined) throw new Error(answer.errMsg);
  return answer.result;
}

/** In no answer to a client and in no log line: the AppSecret, a whole token, a session_key. */
export function secretsIn(cloud: ExampleCloud, ...texts: unknown[]): string[] {
  const text = JSON.stringify([texts, cloud.logged]);
  const token = cloud.storedToken();
  return [SECRET, 'session_key', ...(token === undefined ? [] : [token, token.slice(0, 24)])].filter(
    (secret) => text.includes(secret),
  );
}

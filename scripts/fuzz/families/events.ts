/** Both functions as the platform calls them, on the embedded cloud's database and WeChat: any event, any context. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../command/folders.ts';
import * as fc from 'fast-check';
import { createCloudClock } from '../../local/clock.ts';
import { startCloud, type Cloud } from '../../local/cloud.ts';
import { startEnvironment } from '../../local/functions/environment.ts';
import { calling } from '../callings.ts';
import { must, type Family, type OpenFamily } from '../family.ts';
import { hostile, longText, made, text } from '../values.ts';
import { isHttp } from './callers.ts';

const APPID = 'wxfuzz000000000001';
const SECRET = `fuzzsecret${randomBytes(8).toString('hex')}`;
const KEY = randomBytes(32).toString('base64');

/** A placeholder for the token that is stored at that time. */
const CURRENT = '<current>';

const appid = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(APPID, '', null, undefined) },
  text,
  longText,
  fc.anything(),
);
const reported = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(CURRENT, '', null) },
  text,
  longText,
  fc.anything(),
);
const ordinary = fc.record(
  { appid, invalid_access_token: reported, userInfo: fc.anything(), Type: fc.constant('Timer') },
  { requiredKeys: [] },
);
const event = fc.oneof(
  { weight: 4, arbitrary: ordinary },
  hostile,
  fc.anything(),
  fc.dictionary(fc.oneof(text, fc.constantFrom('httpMethod', 'requestContext', 'appid')), fc.jsonValue()),
);

type Main = (event: unknown, context: unknown) => Promise<unknown>;

export const events: Family = { name: 'events', share: 6, open };

async function open(): Promise<OpenFamily> {
  const cloud = await startCloud({
    root: PACKAGE_FOLDER,
    codeRoot: join(PACKAGE_FOLDER, 'dist/functions'),
    clock: createCloudClock(),
    variables: { WX_APPID: APPID, WX_APPSECRET: SECRET },
  });
  const { sandbox } = cloud;
  if (sandbox === undefined) throw new Error('a fuzzer never talks to the real WeChat');
  const doors = await loadFunctions(cloud, sandbox.url);
  const tokens = (): string[] => sandbox.wechat.living(Date.now()).map(({ value }) => value);
  const property = fc.asyncProperty(
    event,
    calling,
    fc.nat(9),
    async (given, { context, isFunction }, dice) => {
      const sent = withCurrent(made(given), tokens().at(-1) ?? '');
      const { result, lines } = await heard(() =>
        (dice === 0 ? doors.refresh : doors.get)(sent, made(context)),
      );
      const secrets = [SECRET, KEY, ...tokens()];
      for (const secret of secrets) must(!lines.includes(secret), 'a log line tells a secret');
      if (dice === 0) return checkRefresh(result, secrets);
      return checkGet(result, { mayBeServed: isFunction && !isHttp(sent), secrets });
    },
  );
  return { property, close: () => cloud.close() };
}

async function loadFunctions(
  { identity, gateway }: Cloud,
  sandboxUrl: string,
): Promise<Record<'get' | 'refresh', Main>> {
  const declared = {
    WX_APPID: APPID,
    WX_APPSECRET: SECRET,
    TOKEN_ENCRYPTION_KEYS: KEY,
    WX_API_BASE_URLS: sandboxUrl,
  };
  const environment = startEnvironment({
    cloud: identity,
    functionName: 'getAccessToken',
    gatewayUrl: gateway.url,
    directory: PACKAGE_FOLDER,
    declared,
  });
  Object.assign(process.env, environment);
  // Only now: the functions take their variables from the environment when they are loaded.
  return {
    get: (await import('../../../functions/getAccessToken/index.ts')).main,
    refresh: (await import('../../../functions/refreshAccessToken/index.ts')).main,
  };
}

/** Calls the function and collects what it logs. */
async function heard(call: () => Promise<unknown>): Promise<{ result: unknown; lines: string }> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (...words: unknown[]) => void lines.push(words.join(' '));
  try {
    return { result: await call(), lines: lines.join('\n') };
  } finally {
    console.log = log;
  }
}

function withCurrent(given: unknown, token: string): unknown {
  const fields = given as { invalid_access_token?: unknown } | null;
  try {
    return fields?.invalid_access_token === CURRENT ? { ...fields, invalid_access_token: token } : given;
  } catch {
    return given;
  }
}

interface Allowed {
  mayBeServed: boolean;
  secrets: string[];
}

function checkGet(result: unknown, { mayBeServed, secrets }: Allowed): void {
  const { access_token: token, ...rest } = result as Record<string, unknown>;
  for (const secret of secrets) must(!JSON.stringify(rest).includes(secret), 'an answer tells a secret');
  const { errcode, errmsg, expires_in: expiresIn } = rest;
  must(Number.isInteger(errcode), 'errcode is no integer');
  must(typeof errmsg === 'string' && errmsg.length <= 1_000, 'errmsg is no bounded text');
  if (errcode === 0) {
    must(mayBeServed, 'somebody is served who must not be');
    must(typeof token === 'string' && secrets.includes(token), 'the token is none that WeChat honours');
    must(Number.isInteger(expiresIn) && Number(expiresIn) > 0 && Number(expiresIn) <= 7_200, 'expires_in');
    return;
  }
  must(token === undefined, 'a refusal brings a token');
  must(mayBeServed ? [400, 404].includes(Number(errcode)) : errcode === 403, `errcode ${String(errcode)}`);
}

function checkRefresh(result: unknown, secrets: string[]): void {
  const { errcode, results } = result as { errcode: number; results: unknown[] };
  must(errcode === 0 || errcode === 403, `errcode ${errcode}`);
  must(results.length === (errcode === 0 ? 1 : 0), 'results');
  for (const secret of secrets) must(!JSON.stringify(result).includes(secret), 'the refresh tells a secret');
}

/** Shows that the outside door keeps strangers out: before a path leads to it, and then through that path. */

import { pick, type Text } from '../../command/language.ts';
import { callOf } from '../../command/call.ts';
import { readConfig } from '../../../functions/_shared/runtime/config.ts';
import type { Environment } from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { HttpAnswer, Site } from '../site.ts';
import type { WantedFunction } from '../wanted.ts';

/** As long as a real one, and nobody's. */
const WRONG_KEY = '-'.repeat(43);

/** What a stranger may send, and the code that has to be the answer. */
const STRANGERS: readonly { what: Text; fields: Record<string, string>; expected: number }[] = [
  { what: { en: 'a call without a key', zh: '不带密钥的调用' }, fields: {}, expected: 41004 },
  {
    what: { en: 'a call with a wrong key', zh: '密钥错误的调用' },
    fields: { secret: WRONG_KEY },
    expected: 40125,
  },
];

/**
 * By the management side, in the shape in which HTTP access passes a request on. The answer may be a token, if all goes
 * wrong: nothing of it is told but a number.
 */
export async function checkRefusals(
  { invoke }: Pick<Environment, 'invoke'>,
  { name, variables }: WantedFunction,
): Promise<string> {
  for (const { what, fields, expected } of STRANGERS) {
    const called = await invoke(name, requestOf({ ...queryOf(variables), ...fields }));
    const body = 'failure' in called ? undefined : (called.result as { body?: unknown } | null)?.body;
    requireCode(name, pick(what), errcodeOf(body), expected);
  }
  return pick({
    en: 'a call without a key is refused (41004), and one with a wrong key (40125)',
    zh: '不带密钥的调用会被拒绝（41004），密钥错误的也会（40125）',
  });
}

/** A new path takes minutes to be in force: beyond this the deployment doesn't wait, and says so. */
const TRIES = 12;
const BETWEEN_TRIES_MS = 5_000;

/** Through the path itself, as a stranger comes. Throws a PlatformError of code NOT_YET where the path does not answer. */
export async function checkAtPath(
  { get, sleep }: Pick<Site, 'get' | 'sleep'>,
  { name, variables }: WantedFunction,
  address: string,
): Promise<string> {
  for (const { what, fields, expected } of STRANGERS) {
    const query = new URLSearchParams({ ...queryOf(variables), ...fields });
    const answer = await whenInForce(() => get(`${address}/cgi-bin/token?${query.toString()}`), sleep);
    if (answer === null) throw notYet(address);
    requireCode(
      name,
      pick({ en: `${what.en} at ${address}`, zh: `发到 ${address} 的${what.zh}` }),
      errcodeOf(answer.body),
      expected,
    );
  }
  return pick({ en: `${address} refuses strangers as well`, zh: `${address} 同样拒绝这些调用` });
}

async function whenInForce(ask: () => Promise<HttpAnswer>, sleep: Site['sleep']): Promise<HttpAnswer | null> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (attempt > 1) await sleep(BETWEEN_TRIES_MS);
    const answer = await ask().catch(() => null);
    // The gateway says 404, or 5xx, in words of its own until the path is there.
    if (answer !== null && errcodeOf(answer.body) !== null) return answer;
  }
  return null;
}

function notYet(address: string): PlatformError {
  return new PlatformError(
    pick({ en: `${address} does not lead to the function yet`, zh: `${address} 还没有指向云函数` }),
    {
      code: 'NOT_YET',
      cure: pick({
        en: `the path is set, and takes minutes to be in force: run ${callOf('deploy')} once more before you rely on it`,
        zh: `路径已设置，几分钟后生效：正式使用之前请再执行一次 ${callOf('deploy')}`,
      }),
    },
  );
}

function queryOf(variables: ReadonlyMap<string, string>): Record<string, string> {
  const read = readConfig(Object.fromEntries(variables));
  const appid = read.ok ? (read.config.apps[0]?.appid ?? '') : '';
  return { grant_type: 'client_credential', appid };
}

function requestOf(queryStringParameters: object): object {
  const request = {
    httpMethod: 'GET',
    path: '/cgi-bin/token',
    headers: {},
    body: '',
    isBase64Encoded: false,
  };
  return { ...request, queryStringParameters };
}

/** 0: it gave a token. Null: it failed, or said something else. */
function errcodeOf(body: unknown): number | null {
  try {
    const reply = JSON.parse(String(body)) as { errcode?: unknown; access_token?: unknown };
    if (reply.access_token !== undefined) return 0;
    return typeof reply.errcode === 'number' ? reply.errcode : null;
  } catch {
    return null;
  }
}

function requireCode(name: string, what: string, errcode: number | null, expected: number): void {
  if (errcode === expected) return;
  if (errcode === 0) {
    throw new PlatformError(
      pick({ en: `${name} gave a token for ${what}`, zh: `${name} 向${what}返回了 token` }),
      {
        code: 'DOOR_OPEN',
        cure: pick({
          en: `delete that function at once in the console, refresh the token (${callOf('refresh', '--leaked')}), and report this as a bug`,
          zh: `请立即在控制台删除该函数，刷新 token（${callOf('refresh', '--leaked')}），并提 issue 说明`,
        }),
      },
    );
  }
  const seen =
    errcode === null
      ? pick({ en: 'failed', zh: '执行失败' })
      : pick({ en: `answered ${errcode}`, zh: `返回 ${errcode}` });
  throw new PlatformError(
    pick({
      en: `${name} ${seen} at ${what}, where it should have refused with ${expected}`,
      zh: `${name} 对${what}${seen}，本应返回 ${expected} 拒绝`,
    }),
    {
      code: 'DOOR_UNPROVEN',
      cure: pick({
        en: `see its log in the console, then run ${callOf('deploy')} again`,
        zh: `请在控制台查看它的日志，再执行 ${callOf('deploy')}`,
      }),
    },
  );
}

/** Shows that the outside door keeps strangers out, before a path leads to it. */

import { readConfig } from '../../../functions/_shared/runtime/config.ts';
import type { Environment } from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { WantedFunction } from '../wanted.ts';

/** As long as a real one, and nobody's. */
const WRONG_KEY = '-'.repeat(43);

/**
 * By the management side, in the shape in which HTTP access passes a request on. The answer may be a token, if all goes
 * wrong: nothing of it is told but a number.
 */
export async function provenRefusal(
  { invoke }: Pick<Environment, 'invoke'>,
  { name, variables }: WantedFunction,
): Promise<string> {
  const query = { grant_type: 'client_credential', appid: firstAppid(variables) };
  const ask = async (fields: object): Promise<number | null> =>
    errcodeOf(await invoke(name, requestOf({ ...query, ...fields })));
  requireCode(name, 'a call without a key', await ask({}), 41004);
  requireCode(name, 'a call with a wrong key', await ask({ secret: WRONG_KEY }), 40125);
  return 'a call without a key is refused (41004), and one with a wrong key (40125)';
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

function firstAppid(variables: ReadonlyMap<string, string>): string {
  const read = readConfig(Object.fromEntries(variables));
  return read.ok ? (read.config.apps[0]?.appid ?? '') : '';
}

/** 0: it gave a token. Null: it failed, or said something else. */
function errcodeOf(called: Awaited<ReturnType<Environment['invoke']>>): number | null {
  if ('failure' in called) return null;
  const { body } = (called.result ?? {}) as { body?: unknown };
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
    throw new PlatformError(`${name} gave a token for ${what}`, {
      code: 'DOOR_OPEN',
      cure: 'delete that function at once in the console, refresh the token (npm run refresh -- --leaked), and report this as a bug',
    });
  }
  const seen = errcode === null ? 'failed' : `answered ${errcode}`;
  throw new PlatformError(`${name} ${seen} at ${what}, where it should have refused with ${expected}`, {
    code: 'DOOR_UNPROVEN',
    cure: 'see its log in the console, then run npm run deploy again',
  });
}

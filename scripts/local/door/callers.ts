/** Which caller a visitor of the door plays: one row per kind, its details taken from the query string. */

import type { Caller } from '../functions/caller-context.ts';

export const DEFAULT_OPENID = 'oLocalVisitor';

type Kind = Caller['kind'];

const ROWS: Record<Kind, (query: URLSearchParams) => Caller> = {
  client: (query) => ({ kind: 'client', openid: query.get('openid') ?? DEFAULT_OPENID }),
  devtools: (query) => ({ kind: 'devtools', openid: query.get('openid') ?? DEFAULT_OPENID }),
  function: (query) => ({ kind: 'function', source: query.get('source') ?? 'wx_client,scf' }),
  timer: (query) => ({ kind: 'timer', variety: query.get('variety') === 'native' ? 'native' : 'wechat' }),
  management: (query) => {
    const source = query.get('source');
    return source === null ? { kind: 'management' } : { kind: 'management', source };
  },
  web: (query) => ({ kind: 'web', uid: query.get('uid') ?? 'local-web-user' }),
  http: (query) => ({ kind: 'http', method: query.get('method') ?? 'POST', path: query.get('path') ?? '/' }),
  openapi: () => ({ kind: 'openapi' }),
};

export const CALLER_KINDS = Object.keys(ROWS);

/** Undefined when there is no such kind. */
export function toCaller(kind: string, query: URLSearchParams): Caller | undefined {
  return Object.hasOwn(ROWS, kind) ? ROWS[kind as Kind](query) : undefined;
}

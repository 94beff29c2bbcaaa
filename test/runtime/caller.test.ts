/** R9, row by row: who may read a token, and who may ask for a refresh. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { mayReadToken, readCaller } from '../../functions/_shared/runtime/caller.ts';
import { mayRefresh } from '../../functions/refreshAccessToken/caller.ts';
import { asEnviron, asEnvironment, CALLERS } from './caller-contexts.ts';

afterEach(() => vi.unstubAllEnvs());

describe.each([
  ['environment', asEnvironment],
  ['environ', asEnviron],
])('by context.%s', (_name, contextOf) => {
  it.each(CALLERS)('$who: reads $mayRead, refreshes $mayRefresh', (row) => {
    const caller = readCaller(row.event, contextOf(row.variables));
    expect(caller.source).toBe(row.variables['TCB_SOURCE'] ?? null);
    expect({ mayRead: mayReadToken(caller, []), mayRefresh: mayRefresh(caller) }).toEqual({
      mayRead: row.mayRead,
      mayRefresh: row.mayRefresh,
    });
  });
});

describe('process.env', () => {
  it('is not asked: what an earlier call left there proves nothing', () => {
    vi.stubEnv('TCB_SOURCE', 'wx_client,scf');
    vi.stubEnv('TRIGGER_SRC', 'timer');
    for (const context of [{}, undefined, asEnvironment({}), asEnviron({ TRIGGER_SRC: 'tcb' })])
      expect(mayReadToken(readCaller({}, context), [])).toBe(false);
    expect(mayRefresh(readCaller({}, asEnvironment({ TCB_SOURCE: 'wx_client' })))).toBe(false);
  });

  it('is not asked either way: an earlier user does not lock a function out', () => {
    vi.stubEnv('TCB_SOURCE', 'wx_client');
    vi.stubEnv('WX_OPENID', 'oUSER');
    const caller = readCaller({}, asEnvironment({ TCB_SOURCE: 'wx_client,scf' }));
    expect([mayReadToken(caller, []), mayRefresh(caller)]).toEqual([true, true]);
  });
});

describe('TRUSTED_SOURCES', () => {
  const read = (source: string, trusted: string[], more = {}): boolean =>
    mayReadToken(readCaller({}, asEnvironment({ TCB_SOURCE: source, ...more })), trusted);

  it('admits a value that it names whole', () => {
    expect(read(',unknown', [])).toBe(false);
    expect(read(',unknown', ['wx_http', ',unknown'])).toBe(true);
    expect(read('cloudbase-manager-node, not-scf', ['cloudbase-manager-node, not-scf'])).toBe(true);
  });

  it.each([
    ['the last hop of the value', 'wx_client,unknown', 'unknown'],
    ['the first hop of the value', 'wx_client,unknown', 'wx_client'],
    ['a part of the value', 'wx_client_2', 'wx_client'],
    ['more than the value', 'wx', 'wx_client'],
    ['another case', 'WX_CLIENT', 'wx_client'],
    ['nothing', '', ''],
  ])('does not admit by %s', (_what, source, trusted) => {
    expect(read(source, trusted === '' ? [] : [trusted])).toBe(false);
  });

  it('admits no user and no HTTP request, whatever it names', () => {
    expect(read('wx_client', ['wx_client'], { WX_OPENID: 'oUSER' })).toBe(false);
    const context = asEnvironment({ TCB_SOURCE: 'wx_http' });
    expect(mayReadToken(readCaller({ httpMethod: 'GET' }, context), ['wx_http'])).toBe(false);
  });

  it('admits nobody whose source is unknown', () => {
    expect(mayReadToken(readCaller({}, {}), ['', 'null', 'undefined'])).toBe(false);
  });
});

/** Nobody passes for another caller (R9): forged events, and contexts that are broken, ambiguous or poisoned. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayReadToken, readCaller } from '../../functions/_shared/runtime/caller.ts';
import { mayRefresh } from '../../functions/refreshAccessToken/caller.ts';
import { asEnviron, asEnvironment } from './caller-contexts.ts';

const mayRead = (event: unknown, context: unknown): boolean => mayReadToken(readCaller(event, context), []);

describe('an event', () => {
  const claims = { TCB_SOURCE: ',scf', TRIGGER_SRC: 'timer', Type: 'Timer', userInfo: { appId: 'wxAPP' } };

  it.each([
    ['names a chain', claims],
    ['brings a context', { ...claims, context: { environment: '{"TCB_SOURCE":",scf"}' } }],
    ['brings an environment', { environment: '{"TCB_SOURCE":",scf"}', environ: 'TCB_SOURCE=,scf' }],
  ])('that %s turns no user into a function', (_what, event) => {
    const user = { TCB_SOURCE: 'wx_client', WX_OPENID: 'oUSER' };
    for (const context of [asEnvironment(user), asEnviron(user), {}, undefined])
      expect(mayRead(event, context)).toBe(false);
    expect(mayRefresh(readCaller(event, asEnvironment(user)))).toBe(false);
  });

  it.each([undefined, null, '', 'text', 7, true, [], {}])('of %j is nothing special', (event) => {
    expect(mayRead(event, asEnvironment({ TCB_SOURCE: ',scf' }))).toBe(true);
    expect(mayRead(event, asEnvironment({ TCB_SOURCE: 'wx_client' }))).toBe(false);
  });

  it.each(['httpMethod', 'requestContext', 'queryStringParameters'])('with %s is an HTTP request', (key) => {
    expect(mayRead({ [key]: undefined }, asEnvironment({ TCB_SOURCE: ',scf' }))).toBe(false);
    expect(mayRefresh(readCaller({ [key]: undefined }, {}))).toBe(false);
  });
});

describe('a context that cannot be read', () => {
  const chain = '{"TCB_SOURCE":",scf"}';

  it.each([
    ['is absent', undefined],
    ['is null', null],
    ['is a text', chain],
    ['is empty', {}],
    ['is half of JSON', { environment: chain.slice(0, -1) }],
    ['is JSON of a list', { environment: `[${chain}]` }],
    ['is JSON of a text', { environment: JSON.stringify(chain) }],
    ['is JSON of null', { environment: 'null' }],
    ['is an object that should be text', { environment: { TCB_SOURCE: ',scf' } }],
    ['is huge', { environment: JSON.stringify({ TCB_SOURCE: ',scf', pad: 'x'.repeat(65_536) }) }],
    ['is huge in the older form', { environ: `TCB_SOURCE=,scf;PAD=${'x'.repeat(65_536)}` }],
    ['is a list in the older form', { environ: ['TCB_SOURCE=,scf'] }],
    ['has a list for a source', { environment: '{"TCB_SOURCE":["wx_client","scf"]}' }],
    ['has only the source of its prototype', { environment: '{"__proto__":{"TCB_SOURCE":",scf"}}' }],
    ['has the variable in another case', { environment: '{"tcb_source":",scf"}' }],
    ['has a readable older form beside it', { environment: '{', environ: 'TCB_SOURCE=,scf' }],
    ['has an empty older form beside it', { environment: '[]', environ: '' }],
  ])('because it %s proves nothing', (_why, context) => {
    expect(readCaller({}, context).source).toBeNull();
    expect(mayRead({}, context)).toBe(false);
  });

  it('gives way to the older form only where it is absent or empty', () => {
    for (const environment of [undefined, null, ''])
      expect(mayRead({}, { environment, environ: 'TCB_SOURCE=,scf' })).toBe(true);
    expect(mayRead({}, { environment: '{}', environ: 'TCB_SOURCE=,scf' })).toBe(false);
  });
});

describe('a name that comes twice in the current form', () => {
  it.each([
    ['as it is', '{"TCB_SOURCE":"wx_client","TCB_SOURCE":",scf"}'],
    ['with an escape in the second', '{"TCB_SOURCE":"wx_client","\\u0054CB_SOURCE":",scf"}'],
    ['with an escape in the first', '{"TCB\\u005FSOURCE":"wx_client","TCB_SOURCE":",scf"}'],
    ['all in escapes of either case', '{"TCB_SOURCE":"wx_client","TCB_S\\u004f\\u0055RCE" : ",scf"}'],
    ['behind a value that ends in a backslash', '{"TCB_SOURCE":"wx_client\\\\","\\u0054CB_SOURCE":",scf"}'],
    [
      'behind a value with a quotation mark',
      '{"A":"\\"","TCB_SOURCE":"wx_client","\\u0054CB_SOURCE":",scf"}',
    ],
    ['to hide the user', '{"TCB_SOURCE":",scf","WX_OPENID":"oUSER","\\u0057X_OPENID":""}'],
  ])('makes all of it void: %s', (_how, environment) => {
    expect(JSON.parse(environment)).toHaveProperty('TCB_SOURCE');
    expect(readCaller({}, { environment }).source).toBeNull();
    expect(mayRead({}, { environment })).toBe(false);
  });

  it.each([
    ['an escaped text that looks like a key', '{"N":"\\"TCB_SOURCE\\":\\",scf\\"","TCB_SOURCE":",scf"}'],
    ['an escaped key that is not ours twice', '{"\\u0041":"1","A":"2","TCB_SOURCE":",scf"}'],
    ['an escaped value', '{"TCB_SOURCE":"\\u002cscf"}'],
  ])('is no matter where it is only %s', (_what, environment) => {
    expect(mayRead({}, { environment })).toBe(true);
  });
});

describe('a value of the older form that pretends to be the next pair', () => {
  it.each([
    ['behind the true source', 'TCB_SOURCE=wx_client;TCB_UUID=u;TCB_SOURCE=,scf'],
    ['before the true source', 'TCB_UUID=u;TCB_SOURCE=,scf;TCB_SOURCE=wx_client'],
    ['with blanks around the name', 'TCB_SOURCE=wx_client;TCB_UUID=u; TCB_SOURCE =,scf'],
    ['within the source itself', 'TCB_SOURCE=wx_client;TCB_SOURCE=,scf'],
    ['spelled with an escape', 'TCB_SOURCE=wx_client;TCB_UUID=u;\\u0054CB_SOURCE=,scf'],
    ['spelled with an escape before it', '\\u0054CB\\u005fSOURCE=,scf;TCB_SOURCE=wx_client'],
    ['to hide the user', 'TCB_SOURCE=,scf;WX_OPENID=oUSER;TCB_UUID=u;WX_OPENID='],
  ])('makes all of it void: %s', (_where, environ) => {
    expect(readCaller({}, { environ })).toMatchObject({ source: null, hasOpenid: false });
    expect(mayRead({}, { environ })).toBe(false);
  });

  it('stays a value in the current form', () => {
    const variables = { TCB_SOURCE: 'wx_client', NAME: 'a;TCB_SOURCE=,scf', N2: '","TCB_SOURCE":",scf' };
    expect(readCaller({}, asEnvironment(variables)).source).toBe('wx_client');
  });
});

describe('whatever the platform passes', () => {
  const hop = fc.constantFrom(
    'scf',
    'SCF',
    ' scf',
    'scf.',
    'not_scf',
    'wx_client',
    'unknown',
    '',
    'scf;',
    'scf=',
  );
  const source = fc.oneof(
    fc.array(hop, { maxLength: 4 }).map((hops) => hops.join(',')),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const junk = fc.oneof(
    fc.constant({}),
    fc.dictionary(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 })),
  );
  const trusted = fc.array(source.filter(Boolean), { maxLength: 2 });

  it('nobody reads a token but those whose last hop is scf, and those that the list names', () => {
    fc.assert(
      fc.property(source, junk, trusted, fc.jsonValue(), (value, others, list, event) => {
        const context = asEnvironment({ ...others, TCB_SOURCE: value });
        const isFunction = value.split(',').at(-1)?.trim() === 'scf';
        const isServed = mayReadToken(readCaller(event, context), list);
        expect(isServed && !isFunction && !list.includes(value.trim())).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of any shape at all, nobody is served without a source, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (event, environment, environ) => {
        expect(mayReadToken(readCaller(event, { environment, environ }), ['', 'scf2'])).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Malformed events, variables, documents and answers: the documented code and text, and nothing lost. */

import { describe, expect, it } from 'vitest';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import type { FaultPlan } from '../../scripts/local/wechat/faults.ts';
import { APPID, NOON_MS, borrowCloud, SECRET, startTestCloud } from '../support/cloud.ts';

const MINUTE_MS = 60_000;
const borrow = () => borrowCloud({ startAtMs: NOON_MS });

describe('malformed events', () => {
  it('answers absent, null and empty values alike, and ignores other keys', async () => {
    const cloud = await borrow();
    const same = [
      {},
      { appid: null },
      { appid: '' },
      { appid: APPID },
      { invalid_access_token: '' },
      { userInfo: { appId: 'x' } },
    ];
    for (const event of same) expect(await cloud.get(event)).toMatchObject({ errcode: 0, appid: APPID });
    expect(cloud.mints()).toBe(1);
  });

  it.each<[string, object, number, RegExp]>([
    ['appid of a wrong type', { appid: 7 }, 400, /appid must be a string/],
    ['an array for appid', { appid: [APPID] }, 400, /appid must be a string/],
    ['a report of a wrong type', { invalid_access_token: {} }, 400, /invalid_access_token must be a string/],
    ['a report too long', { invalid_access_token: 'x'.repeat(3_000) }, 400, /at most 2048/],
    ['an AppID that is not configured', { appid: 'wxunknown' }, 404, /unknown appid/],
  ])('refuses %s', async (_, event, errcode, errmsg) => {
    const cloud = await borrow();
    const reply = await cloud.get(event);
    expect(reply.errcode).toBe(errcode);
    expect(reply.errmsg).toMatch(errmsg);
  });

  it('asks for the appid when several are configured', async () => {
    const WX_APPS = JSON.stringify([
      { appid: 'wxa', secret: 'a' },
      { appid: 'wxb', secret: 'b' },
    ]);
    const cloud = await startTestCloud({ variables: { WX_APPS } });
    expect(await cloud.get()).toMatchObject({ errcode: 400 });
    expect(await cloud.get({ appid: 'wxb' })).toMatchObject({ errcode: 0, appid: 'wxb' });
  });
});

describe('malformed variables', () => {
  it('names every faulty variable at once and no value', async () => {
    const variables = {
      WX_APPID: 'id with spaces CANARY-1',
      WX_TOKEN_API: 'CANARY-2',
      WX_REFRESH_MINUTES: '200CANARY',
      WX_API_BASE_URLS: 'http://canary.example',
      MINT_LIMIT_PER_DAY: '-5',
    };
    const cloud = await startTestCloud({ variables });
    for (const reply of [await cloud.get(), await cloud.refresh()]) {
      expect(reply.errcode).toBe(500);
      for (const name of [...Object.keys(variables), 'WX_APPSECRET']) expect(reply.errmsg).toContain(name);
      expect(reply.errmsg).not.toMatch(/canary|200|-5/i);
    }
  });

  it('says npm run deploy when the collection is missing, and mints nothing', async () => {
    const cloud = await borrow();
    cloud.gateway.faults.intercept(({ stage, action }) =>
      stage === 'before' && action.startsWith('database.')
        ? {
            answer: {
              status: 200,
              json: {
                code: 'DATABASE_COLLECTION_NOT_EXIST',
                message: 'Db or Table not exist',
                requestId: 'r',
              },
            },
          }
        : undefined,
    );
    expect(await cloud.get()).toMatchObject({
      errcode: 500,
      errmsg: expect.stringContaining('npm run deploy') as string,
    });
    const { results } = await cloud.refresh();
    expect(results[0]).toMatchObject({ action: 'failed', errcode: 500 });
    expect(cloud.mints()).toBe(0);
  });
});

describe('a damaged document', () => {
  const damaged: [string, object][] = [
    ['a version that is no number', { version: 'seven' }],
    ['no version at all', { version: undefined }],
    ['a token of a wrong shape', { token: { value: 7 } }],
    [
      'a token from the far future',
      { token: { value: 'x', api: 'token', mintedAtMs: 9e14, expiresAtMs: 9e15 } },
    ],
    [
      'claims that never end',
      {
        claim: {
          id: 'x',
          startedAtMs: 0,
          untilAtMs: 8e15,
          unsettledBeforeAtMs: null,
          contestedSinceAtMs: null,
        },
      },
    ],
    [
      'everything',
      {
        version: null,
        token: 1,
        claim: 'c',
        unsettledSinceAtMs: 's',
        backoff: [],
        mints: 'm',
        refusedAtMs: 3,
      },
    ],
  ];

  it.each(damaged)('heals: %s', async (_, change) => {
    const cloud = await borrow();
    await cloud.refresh();
    const collection = cloud.database.collection(COLLECTION);
    const update = { ...cloud.stored(), ...change };
    await collection.update({ query: { _id: APPID }, update, replace: true });
    await cloud.refresh();
    const reply = await cloud.get();
    expect(reply.errcode).toBe(0);
    expect(cloud.isAlive(reply.access_token)).toBe(true);
    expect(cloud.stored()).toMatchObject({ version: expect.any(Number) as number });
  });
});

describe('malformed answers of WeChat', () => {
  const reply = (body: string, status = 200): FaultPlan => ({
    fault: { do: 'reply', body, status },
    stage: 'after',
    times: 9,
  });
  const useless: [string, FaultPlan][] = [
    ['HTML', reply('<html>502</html>')],
    ['nothing', reply('')],
    ['{}', reply('{}')],
    ['a 502', reply('{"access_token":"{access_token}","expires_in":7200}', 502)],
    ['an empty token', reply('{"access_token":"","expires_in":7200}')],
    ['expires_in 0', reply('{"access_token":"{access_token}","expires_in":0}')],
    ['a connection dropped after issuing', { fault: { do: 'drop' }, stage: 'after', times: 9 }],
  ];

  it.each(useless)(
    'keeps the stored token when it is %s, throws for the platform, and heals',
    async (_, plan) => {
      const cloud = await borrow();
      await cloud.refresh();
      const token = cloud.storedToken();
      cloud.clock.advance(110 * MINUTE_MS);
      cloud.sandbox.faults.add(plan);
      await expect(cloud.refresh()).rejects.toThrow(/REFRESH|refresh failed/);
      expect(cloud.storedToken()).toBe(token);
      expect((await cloud.get()).access_token).toBe(token);
      cloud.sandbox.faults.clear();
      cloud.clock.advance(5 * MINUTE_MS);
      expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'refreshed' });
      expect(cloud.isAlive(cloud.storedToken())).toBe(true);
    },
  );

  it.each([
    ['"7200"', 7_200],
    ['1e308', 7_200],
    ['"never"', 600],
  ])('stores the token with a finite life when expires_in is %s', async (expiresIn, seconds) => {
    const cloud = await borrow();
    cloud.sandbox.faults.add(reply(`{"access_token":"{access_token}","expires_in":${expiresIn}}`));
    await cloud.refresh();
    const answer = await cloud.get();
    expect(cloud.isAlive(answer.access_token)).toBe(true);
    expect(answer.expires_in).toBeGreaterThan(0);
    expect(answer.expires_in).toBeLessThanOrEqual(seconds);
  });

  it('passes WeChat’s refusal on with its code, its text and what to do, and no secret', async () => {
    const cloud = await startTestCloud({ variables: { WX_APPID: APPID, WX_APPSECRET: SECRET } });
    cloud.sandbox.wechat.account(APPID).setWhitelist(['10.0.0.1']);
    const answer = await cloud.get();
    expect(answer).toMatchObject({ errcode: 40164 });
    expect(answer.errmsg).toMatch(/127\.0\.0\.1.*whitelist/);
    const { results } = await cloud.refresh();
    expect(results[0]).toMatchObject({ action: 'failed', errcode: 40164 });
    expect(JSON.stringify([answer, results])).not.toContain(SECRET);
  });
});

/** getTicket over the real SDK: who fetches, who waits, who is refused, and what is served while WeChat is away. */

import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { APPID, NOON_MS, borrowCloud, SECRET, startTestCloud } from '../support/cloud.ts';
import type { TestCloud } from '../support/cloud.ts';

const MINUTE_MS = 60_000;
const VARIABLES = { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_TICKETS: 'jsapi+wx_card' };
const GETTICKET = '/cgi-bin/ticket/getticket';
const ID = `${APPID}:jsapi`;

const borrow = () => borrowCloud({ variables: VARIABLES, startAtMs: NOON_MS });

const tokenUsed = async (cloud: TestCloud): Promise<string> => {
  const { access_token: token = '' } = await cloud.get();
  return token;
};

/** What POST /verify of the sandbox says of a page, as WeChat's client would. */
async function verdictOf({ sandbox }: TestCloud, page: object): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/verify`, { method: 'POST', body: JSON.stringify(page) });
  return response.json();
}

describe('getTicket', () => {
  it('signs a page so that WeChat’s client accepts it', async () => {
    const cloud = await borrow();
    const reply = await cloud.ticket({ url: 'https://example.com/a?x=%E4%B8%AD#/route' });
    expect(reply).toEqual({
      errcode: 0,
      errmsg: 'ok',
      appId: APPID,
      timestamp: Math.floor(cloud.clock.now() / 1_000),
      nonceStr: expect.stringMatching(/^[A-Za-z0-9]{16}$/) as string,
      signature: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      url: 'https://example.com/a?x=%E4%B8%AD',
    });
    const page = { appid: APPID, ...reply, url: 'https://example.com/a?x=%E4%B8%AD#/route' };
    expect(await verdictOf(cloud, page)).toMatchObject({ errcode: 0 });
    expect(await verdictOf(cloud, { ...page, url: 'https://example.com/b' })).toMatchObject({
      errcode: 63002,
    });
  });

  it('hands out a ticket of each type, in the shape of WeChat’s answer', async () => {
    const cloud = await borrow();
    const [jsapi, card] = [await cloud.ticket(), await cloud.ticket({ type: 'wx_card', appid: APPID })];
    expect(jsapi).toMatchObject({ errcode: 0, errmsg: 'ok', appid: APPID, type: 'jsapi', expires_in: 2100 });
    expect(jsapi.expires_at).toBe(Math.floor(cloud.clock.now() / 1_000) + 2_100);
    expect(card).toMatchObject({ errcode: 0, type: 'wx_card' });
    expect(card.ticket).not.toBe(jsapi.ticket);
    expect(await cloud.ticket({ url: 'https://example.com/', type: 'wx_card' })).toMatchObject({
      errcode: 400,
      errmsg: expect.stringContaining('url') as string,
    });
  });

  it('answers functions alone: no client, no console, no HTTP request', async () => {
    const cloud = await borrow();
    expect(await cloud.visit('getTicket')).toMatchObject({
      errcode: 403,
      errmsg: expect.stringMatching(/only other cloud functions may read the ticket.*'getTicket'/) as string,
    });
    expect(await cloud.ticket({ httpMethod: 'GET' })).toMatchObject({ errcode: 403 });
    expect(await cloud.ticket({}, { kind: 'management' })).toMatchObject({ errcode: 403 });
    expect(cloud.fetches()).toBe(0);
  });

  it('refuses what it does not know: an AppID, a type', async () => {
    const cloud = await borrow();
    expect(await cloud.ticket({ appid: 'wxother' })).toMatchObject({ errcode: 404 });
    expect(await cloud.ticket({ type: 'sdk' })).toMatchObject({
      errcode: 400,
      errmsg: 'malformed event: type must be jsapi or wx_card',
    });
  });
});

describe('the tick', () => {
  it('fetches the tickets after the tokens, and anew when they are half an hour old', async () => {
    const cloud = await borrow();
    const asked: string[] = [];
    cloud.sandbox.faults.intercept(({ stage, path }) => {
      if (stage === 'before') asked.push(path);
      return undefined;
    });
    const first = await cloud.refresh();
    expect(first.results.map(({ appid, action }) => [appid, action])).toEqual([[APPID, 'refreshed']]);
    expect(first.tickets?.map(({ appid, action }) => [appid, action])).toEqual([
      [ID, 'refreshed'],
      [`${APPID}:wx_card`, 'refreshed'],
    ]);
    expect(asked).toEqual(['/cgi-bin/token', GETTICKET, GETTICKET]);
    cloud.clock.advance(25 * MINUTE_MS);
    expect((await cloud.refresh()).tickets?.[0]).toMatchObject({
      action: 'fresh',
      expires_in: 600,
      refresh_in: 270,
    });
    cloud.clock.advance(5 * MINUTE_MS);
    expect((await cloud.refresh()).tickets?.[0]).toMatchObject({ action: 'refreshed', expires_in: 2_100 });
    expect(cloud.fetches()).toBe(4);
    expect((cloud.storedTicket()!['history'] as object[]).at(-1)).toMatchObject({
      reason: 'timer',
      outcome: 'minted',
      gapMs: 30 * MINUTE_MS,
    });
  });

  it('reads all tickets by one query, and asks nobody while they are fresh', async () => {
    const cloud = await borrow();
    await cloud.refresh();
    cloud.clock.advance(5 * MINUTE_MS);
    cloud.gateway.stats.reset();
    await cloud.refresh();
    expect(cloud.gateway.stats.snapshot().actions).toEqual({ 'database.getDocument': 2 });
  });

  it('says that the tickets fail, and stores the token all the same', async () => {
    const cloud = await borrow();
    cloud.sandbox.faults.add({ fault: { do: 'drop' }, on: GETTICKET, times: 99 });
    await expect(cloud.refresh()).rejects.toThrow(new RegExp(`refresh failed.*: ${ID}: 503`));
    expect(cloud.isAlive(cloud.storedToken())).toBe(true);
  });
});

describe('a refused token', () => {
  it('is shown to WeChat, and the ticket asked for once more: 1 mint, 1 retry, no fault of the secret', async () => {
    const cloud = await borrow();
    const token = await tokenUsed(cloud);
    cloud.clock.advance(MINUTE_MS);
    const askedAtMs = cloud.clock.now();
    cloud.sandbox.wechat.account(APPID).revoke(askedAtMs);
    expect(await cloud.ticket()).toMatchObject({ errcode: 0 });
    expect(cloud.storedToken()).not.toBe(token);
    expect([cloud.mints(), cloud.fetches()]).toEqual([2, 1]);
    expect(cloud.storedTicket()).toMatchObject({ backoff: null });
    expect(cloud.stored()).toMatchObject({ backoff: null, reports: { lastAtMs: askedAtMs, source: null } });
  });

  it('that is refused for ever costs two tries and no loop, and the stored ticket is served', async () => {
    const cloud = await borrow();
    const { ticket } = await cloud.ticket();
    cloud.clock.advance(36 * MINUTE_MS);
    let tries = 0;
    cloud.sandbox.faults.intercept(({ stage, path }) => {
      if (path !== GETTICKET || stage !== 'before') return undefined;
      tries += 1;
      return {
        do: 'reply',
        status: 200,
        body: JSON.stringify({ errcode: 40001, errmsg: 'invalid credential' }),
      };
    });
    expect(await cloud.ticket()).toMatchObject({ errcode: 0, ticket, expires_in: 20 });
    expect(tries).toBe(2);
    expect(cloud.storedTicket()).toMatchObject({ backoff: { owner: 'transient', errcode: 40001 } });
    expect(cloud.stored()).toMatchObject({ backoff: null });
  });
});

describe('while WeChat refuses', () => {
  it('a mini program’s AppID is told what it needs, and WeChat is left alone for an hour', async () => {
    const cloud = await borrow();
    const account = cloud.sandbox.wechat.account(APPID);
    account.setKind('mini');
    onTestFinished(() => account.setKind('official'));
    const reply = await cloud.ticket();
    expect(reply).toMatchObject({
      errcode: 48001,
      errmsg: expect.stringMatching(/api unauthorized.*official account in WX_TICKETS/) as string,
    });
    expect(reply.retry_after).toBe(3_600);
    account.setKind('official');
    cloud.clock.advance(59 * MINUTE_MS);
    expect(await cloud.ticket()).toMatchObject({ errcode: 48001 });
    cloud.clock.advance(2 * MINUTE_MS);
    expect(await cloud.ticket()).toMatchObject({ errcode: 0 });
  });

  it('for the day’s quota, the stored ticket is served to its end', async () => {
    const cloud = await borrow();
    const { ticket } = await cloud.ticket();
    const account = cloud.sandbox.wechat.account(APPID);
    account.setQuotaUsed('ticketDay', 1_000_000, cloud.clock.now());
    onTestFinished(() => account.setQuotaUsed('ticketDay', 0, cloud.clock.now()));
    cloud.clock.advance(119 * MINUTE_MS - 2_000);
    expect(await cloud.ticket()).toMatchObject({ errcode: 0, ticket });
    cloud.clock.advance(2 * MINUTE_MS);
    expect(await cloud.ticket()).toMatchObject({ errcode: 45009, retry_after: expect.any(Number) as number });
  });

  it('an empty ticket is not stored', async () => {
    const cloud = await borrow();
    cloud.sandbox.faults.intercept(({ stage, path }) =>
      path === GETTICKET && stage === 'before'
        ? { do: 'reply', body: '{"errcode":0,"errmsg":"ok","ticket":"","expires_in":7200}' }
        : undefined,
    );
    expect(await cloud.ticket()).toMatchObject({ errcode: 503 });
    expect(cloud.storedTicket()).toMatchObject({ token: null });
  });

  it('and the database is away, nothing is fetched', async () => {
    const cloud = await borrow();
    await cloud.get();
    cloud.gateway.faults.intercept(() => ({ drop: true }));
    expect(await cloud.ticket()).toMatchObject({ errcode: 503 });
    expect(cloud.fetches()).toBe(0);
  });
});

describe('a reported ticket', () => {
  it('comes back with the time at which WeChat confirmed it, by one fetch a minute', async () => {
    const cloud = await borrow();
    const { ticket } = await cloud.ticket();
    cloud.clock.advance(5 * MINUTE_MS);
    const confirmed_at = Math.floor(cloud.clock.now() / 1_000);
    const report = { invalid_ticket: ticket };
    expect(await cloud.ticket(report)).toMatchObject({ errcode: 0, ticket, confirmed_at });
    cloud.clock.advance(50_000);
    const again = await Promise.all(Array.from({ length: 3 }, () => cloud.ticket(report)));
    expect(again.every((reply) => reply.ticket === ticket && reply.confirmed_at === confirmed_at)).toBe(true);
    expect(cloud.fetches()).toBe(2);
    cloud.clock.advance(MINUTE_MS);
    expect(await cloud.ticket(report)).toMatchObject({
      errcode: 0,
      ticket,
      confirmed_at: confirmed_at + 110,
    });
    expect(cloud.fetches()).toBe(3);
  });

  it('that is not the stored one is answered by that, without a fetch', async () => {
    const cloud = await borrow();
    const { ticket } = await cloud.ticket();
    const reply = await cloud.ticket({ invalid_ticket: 'an-older-one' });
    expect(reply).toMatchObject({ errcode: 0, ticket });
    expect(reply).not.toHaveProperty('confirmed_at');
    expect(cloud.fetches()).toBe(1);
  });
});

describe('with several instances', () => {
  it('200 calls on 8 and an empty database mint one token and fetch one ticket', async () => {
    const cloud = await borrow();
    const replies = await Promise.all(Array.from({ length: 200 }, () => cloud.ticket()));
    expect(cloud.host.instances('getTicket').length).toBe(8);
    expect(new Set(replies.map(({ errcode, ticket }) => `${errcode} ${ticket}`)).size).toBe(1);
    expect(replies[0]?.errcode).toBe(0);
    expect([cloud.mints(), cloud.fetches()]).toEqual([1, 1]);
  });
});

describe('where a ticket is kept', () => {
  it('is a document of its own, sealed for its own id', async () => {
    const key = createHash('sha256').update('a key for this test').digest('base64');
    const variables = { ...VARIABLES, TOKEN_ENCRYPTION_KEYS: key };
    const cloud = await startTestCloud({ variables, startAtMs: NOON_MS });
    const { ticket = '' } = await cloud.ticket();
    const stored = cloud.storedTicket();
    expect(stored).toMatchObject({
      _id: ID,
      token: { api: 'ticket', value: { kid: expect.any(String) as string } },
    });
    expect(JSON.stringify(stored)).not.toContain(ticket);
    const cards = cloud.database.collection('wx_tickets');
    await cloud.ticket({ type: 'wx_card' });
    // Moved to another id it opens no more: the card ticket is fetched anew.
    const update = { $set: { token: stored?.['token'] } };
    await cards.update({ query: { _id: `${APPID}:wx_card` }, update });
    cloud.clock.advance(2 * MINUTE_MS);
    const { ticket: card } = await cloud.ticket({ type: 'wx_card' });
    expect(card).not.toBe(ticket);
    expect(cloud.fetches()).toBe(3);
  });
});

/** Tickets for servers outside: by the token that the door gave, in WeChat's words. */

import { describe, expect, it } from 'vitest';
import { APPID, NOON_MS, SECRET } from '../support/cloud.ts';
import { answered, borrowOutsideCloud, type Answered, type OutsideCloud } from './harness.ts';

const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_TICKETS: 'jsapi' };
const borrow = () => borrowOutsideCloud({ startAtMs: NOON_MS, variables });

type Ticket = Answered & { body: { ticket?: string } };
const ticketOf = ({ url }: Pick<OutsideCloud, 'url'>, query: Record<string, string>): Promise<Ticket> =>
  answered(fetch(`${url}/cgi-bin/ticket/getticket?${new URLSearchParams(query).toString()}`));

async function given(cloud: OutsideCloud): Promise<string> {
  const { body } = await cloud.ask(await cloud.addKey());
  return body.access_token ?? '';
}

describe('getticket at the outside door', () => {
  it('answers as WeChat does, by the token that a key has brought, with one fetch for all', async () => {
    const cloud = await borrow();
    const access_token = await given(cloud);
    const query = { access_token, type: 'jsapi' };
    const [one, other] = [await ticketOf(cloud, query), await ticketOf(cloud, query)];
    const theirs = await ticketOf({ url: cloud.sandbox.url }, query);
    expect([one.status, one.type, Object.keys(one.body)]).toEqual([
      theirs.status,
      theirs.type,
      Object.keys(theirs.body),
    ]);
    expect(one.body).toEqual({ ...theirs.body, expires_in: 2_100 });
    expect(other.body).toEqual(one.body);
    expect((await cloud.ticket()).ticket).toBe(one.body.ticket);
  });

  it.each<[string, (token: string) => Record<string, string>, number]>([
    ['no token', () => ({ type: 'jsapi' }), 41001],
    ['an empty token', () => ({ access_token: '', type: 'jsapi' }), 41001],
    ['a wrong token', (token) => ({ access_token: `${token}x`, type: 'jsapi' }), 40001],
    ['the AppSecret', () => ({ access_token: SECRET, type: 'jsapi' }), 40001],
    ['no type', (access_token) => ({ access_token }), 40035],
    ['another type', (access_token) => ({ access_token, type: 'sdk' }), 40035],
  ])('refuses as WeChat does: %s', async (_, query, errcode) => {
    const cloud = await borrow();
    const asked = query(await given(cloud));
    const [ours, theirs] = [await ticketOf(cloud, asked), await ticketOf({ url: cloud.sandbox.url }, asked)];
    expect([ours.status, ours.body.errcode]).toEqual([200, errcode]);
    expect(theirs.body.errcode).toBe(errcode);
    expect(ours.body).not.toHaveProperty('ticket');
  });

  it('has none of a type that is not kept', async () => {
    const cloud = await borrow();
    const { body } = await ticketOf(cloud, { access_token: await given(cloud), type: 'wx_card' });
    expect(body).toMatchObject({ errcode: 48001 });
  });

  it('takes a token as long as it promised it, replaced or not, and no longer', async () => {
    const cloud = await borrow();
    await cloud.refresh();
    const access_token = await given(cloud);
    const query = { access_token, type: 'jsapi' };
    cloud.clock.advance(110 * 60_000);
    await cloud.refresh();
    expect((await ticketOf(cloud, query)).body).toMatchObject({ errcode: 0 });
    cloud.clock.advance(5 * 60_000);
    expect((await ticketOf(cloud, query)).body).toMatchObject({ errcode: 40001 });
  });

  it('takes a new token at once, though its instance remembers the one before', async () => {
    const cloud = await borrow();
    const old = await given(cloud);
    await ticketOf(cloud, { access_token: old, type: 'jsapi' });
    cloud.clock.advance(110 * 60_000);
    await ticketOf(cloud, { access_token: old, type: 'jsapi' });
    await cloud.refresh();
    cloud.clock.advance(2_000);
    const query = { access_token: cloud.storedToken() ?? '', type: 'jsapi' };
    expect((await ticketOf(cloud, query)).body).toMatchObject({ errcode: 0 });
  });

  it('mints nothing and fetches nothing for one who has proved nothing', async () => {
    const cloud = await borrow();
    const asked = ['x', 'y'.repeat(3_000), 'z\n'].map((access_token) =>
      ticketOf(cloud, { access_token, type: 'jsapi' }),
    );
    expect((await Promise.all(asked)).map(({ body }) => body.errcode)).toEqual([40001, 40001, 40001]);
    expect([cloud.mints(), cloud.fetches()]).toEqual([0, 0]);
  });

  it('has none at all where WX_TICKETS is not set, and WeChat is not asked', async () => {
    const cloud = await borrowOutsideCloud({ startAtMs: NOON_MS });
    const access_token = await given(cloud);
    const { body } = await ticketOf(cloud, { access_token, type: 'jsapi' });
    expect(body).toMatchObject({ errcode: 48001 });
    expect(cloud.asked('/cgi-bin/ticket/getticket')).toBe(0);
  });
});

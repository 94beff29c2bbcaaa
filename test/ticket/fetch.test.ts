/** One fetch of a ticket: hosts, retries, a refused token, what is never stored, and what WeChat's text may not say. */

import { describe, expect, it } from 'vitest';
import {
  answered,
  createTicketHarness,
  MINUTE_MS,
  refused,
  SECOND_MS,
  ticketOf,
  valueOf,
} from './harness.ts';

const A86 = 'A'.repeat(86);

describe('a fetch', () => {
  it('asks the next host when the answer is lost: a ticket dies by no call', async () => {
    const harness = createTicketHarness();
    harness.state.script = (_, call) => (call === 1 ? { kind: 'lost', code: 'ECONNRESET' } : undefined);
    expect(valueOf(await harness.get(harness.instance()))).toBe('ticket-1');
    expect(harness.asked.map(({ host }) => host)).toEqual(['a.invalid', 'b.invalid']);
  });

  it('asks again while WeChat is busy, three times at most', async () => {
    const harness = createTicketHarness();
    harness.state.script = () => refused(-1, 'system error');
    expect(await harness.get(harness.instance())).toMatchObject({ ok: false, errcode: -1 });
    expect(harness.asked).toHaveLength(3);
  });

  it('takes 6 s at most, and the timer tries again at its next tick', async () => {
    const harness = createTicketHarness();
    const instance = harness.instance();
    await harness.tokens.get(instance.tokens);
    harness.state.script = () => ({ kind: 'lost', code: 'TIMEOUT', tookMs: 60 * SECOND_MS });
    const beganAtMs = harness.timeline.now();
    expect(await harness.tick(instance)).toMatchObject({ action: 'failed', errcode: 503 });
    expect(harness.timeline.now() - beganAtMs).toBeLessThan(6_500);
    harness.state.script = () => undefined;
    await harness.advance(5 * MINUTE_MS);
    expect(await harness.tick(instance)).toMatchObject({ action: 'refreshed' });
  });

  it.each([
    ['an empty ticket', answered({ errcode: 0, errmsg: 'ok', ticket: '', expires_in: 7200 })],
    ['a ticket beside an errcode', answered({ errcode: 40013, errmsg: 'no', ticket: 'x', expires_in: 7200 })],
    ['no ticket', answered({ errcode: 0, errmsg: 'ok', expires_in: 7200 })],
    ['an access_token instead', answered({ access_token: 'x', expires_in: 7200 })],
    ['a list', answered([])],
    ['a ticket that is no text', answered({ errcode: 0, ticket: 1, expires_in: 7200 })],
    ['a ticket with a line break', answered({ errcode: 0, ticket: 'a\nb', expires_in: 7200 })],
    ['a ticket that is over', ticketOf('x', 0)],
    ['a ticket that is long over', ticketOf('x', -7200)],
    ['a ticket in an error of a proxy', answered({ errcode: 0, ticket: 'x', expires_in: 7200 }, 502)],
  ])('stores nothing of %s', async (_, answer) => {
    const harness = createTicketHarness();
    harness.state.script = () => answer;
    expect(await harness.get(harness.instance())).toMatchObject({ ok: false });
    expect(harness.stored().token).toBeNull();
  });

  it.each([
    ['no life', undefined, 300],
    ['a text', '7200', 7200],
    ['more than WeChat grants', 7201, 300],
    ['null', null, 300],
  ])('trusts a ticket with %s for its life no longer than that is safe', async (_, expiresIn, seconds) => {
    const harness = createTicketHarness();
    harness.state.script = () => answered({ errcode: 0, ticket: 'x', expires_in: expiresIn });
    await harness.get(harness.instance());
    const { token } = harness.stored();
    expect((token!.expiresAtMs - token!.mintedAtMs) / SECOND_MS).toBe(seconds);
  });

  it('shows neither the token nor a ticket that WeChat quotes', async () => {
    const harness = createTicketHarness();
    harness.state.script = (token) => refused(43999, `url: access_token=${token} ticket ${A86} rid: x`);
    const reply = await harness.get(harness.instance());
    const all = JSON.stringify([reply, harness.logged, harness.stored()]);
    expect(reply).toMatchObject({ errmsg: expect.stringContaining('access_token=*** ticket ***') as string });
    expect(all).not.toContain(harness.asked[0]?.token);
    expect(all).not.toContain(A86);
  });

  it('shows neither in small letters: whatever is as long as they are', async () => {
    const harness = createTicketHarness();
    const [token, ticket] = [`110_${'Ab-9_'.repeat(27)}`, `${'Ty_-0'.repeat(17)}Z`].map((text) =>
      text.toLowerCase(),
    );
    harness.state.script = () => refused(43999, `no url ?access_token=${token} or ticket=${ticket}, rid: x`);
    const reply = await harness.get(harness.instance());
    const all = JSON.stringify([reply, harness.logged, harness.stored()]);
    expect(reply).toMatchObject({ errcode: 43999, errmsg: expect.stringContaining('***') as string });
    for (const secret of [token, ticket]) expect(all).not.toContain(secret);
  });
});

describe('a token that WeChat refuses at getticket', () => {
  it('costs one mint, and the ticket is asked for once more, a second later', async () => {
    const harness = createTicketHarness();
    const instance = harness.instance();
    await harness.tokens.get(instance.tokens);
    await harness.advance(MINUTE_MS / 2);
    harness.tokens.wechat.account('wxAPP0000000000001').revoke(harness.timeline.now());
    expect(valueOf(await harness.get(instance))).toBe('ticket-1');
    expect([harness.tokens.mints(), harness.asked.length]).toEqual([2, 2]);
    expect(harness.asked[1]!.token).not.toBe(harness.asked[0]!.token);
    expect(harness.asked[1]!.atMs - harness.asked[0]!.atMs).toBeGreaterThanOrEqual(SECOND_MS);
  });

  it('just after its birth is tried once more, without a mint: WeChat’s replicas lag', async () => {
    const harness = createTicketHarness();
    harness.state.script = (_, call) => (call === 1 ? refused(40001) : undefined);
    expect(valueOf(await harness.get(harness.instance()))).toBe('ticket-1');
    expect([harness.tokens.mints(), harness.asked.length]).toEqual([1, 2]);
  });

  it.each([40001, 40014, 42001])(
    'for ever (%i) is a passing failure of the ticket, and none of the secret',
    async (errcode) => {
      const harness = createTicketHarness();
      const instance = harness.instance();
      harness.state.script = () => refused(errcode);
      expect(await harness.get(instance)).toMatchObject({ ok: false, errcode });
      expect(harness.asked).toHaveLength(2);
      expect(harness.stored()).toMatchObject({ backoff: { owner: 'transient', errcode } });
      expect(await harness.tokens.get(instance.tokens)).toMatchObject({ ok: true });
    },
  );
});

describe('a token that getticket refuses, and WeChat accepts elsewhere', () => {
  it('is not replaced, however often the timer comes, and nobody is called a caller with a bug', async () => {
    const harness = createTicketHarness();
    const instance = harness.instance();
    await harness.tokens.get(instance.tokens);
    await harness.advance(2 * MINUTE_MS);
    harness.state.script = () => refused(40001);
    for (let ticks = 0; ticks < 12; ticks += 1) {
      expect(await harness.tick(instance)).toMatchObject({ action: 'failed', errcode: 40001 });
      await harness.advance(5 * MINUTE_MS);
    }
    expect(harness.tokens.mints()).toBe(1);
    const events = harness.logged.map(({ event }) => event);
    expect(events).toContain('token_checked');
    expect(events).not.toContain('reports_refuted');
    expect(events).not.toContain('foreign_minter_suspected');
  });
});

describe('a token that can’t be replaced', () => {
  it('leaves the ticket a passing failure: once the cause is mended, it is there at the next call', async () => {
    const harness = createTicketHarness();
    const instance = harness.instance();
    await harness.tokens.get(instance.tokens);
    await harness.advance(MINUTE_MS);
    const account = harness.tokens.wechat.account('wxAPP0000000000001');
    account.revoke(harness.timeline.now());
    account.setWhitelist(['10.0.0.1']);
    expect(await harness.get(instance)).toMatchObject({ ok: false });
    expect(harness.stored()).toMatchObject({ backoff: { owner: 'transient' } });
    account.setWhitelist(undefined);
    await harness.advance(2 * MINUTE_MS);
    expect(await harness.get(instance)).toMatchObject({ ok: true });
  });

  it('within 8 s is waited for no longer: the whole is over in 20 s, and the claim still holds', async () => {
    const harness = createTicketHarness({ latencyMs: 800 });
    const instance = harness.instance();
    harness.state.script = () => ({ ...refused(40001), tookMs: 5_000 });
    const beganAtMs = harness.timeline.now();
    expect(await harness.get(instance)).toMatchObject({ ok: false });
    expect(harness.timeline.now() - beganAtMs).toBeLessThan(29_000);
    expect(harness.stored()).toMatchObject({ claim: null, backoff: { owner: 'transient' } });
  });
});

describe('without a token', () => {
  it('nothing is fetched, no claim is taken, and the token’s own failure is told', async () => {
    const harness = createTicketHarness({ wrongSecret: true });
    expect(await harness.get(harness.instance())).toMatchObject({ ok: false, errcode: 40125 });
    expect([harness.asked.length, harness.stored().version]).toEqual([0, 0]);
  });

  it('the failure is in the log, beside the ticket that misses it', async () => {
    const harness = createTicketHarness({ wrongSecret: true });
    await harness.get(harness.instance());
    const lines = harness.logged.filter(({ event }) => event === 'mint_failed');
    expect(lines.map(({ fields }) => [fields['appid'], fields['errcode']])).toContainEqual([
      'wxAPP0000000000001:jsapi',
      40125,
    ]);
  });

  it('a ticket that is overdue is served within a second, while the token takes long to fail', async () => {
    const harness = createTicketHarness();
    await harness.tick(harness.instance());
    harness.tokens.outage.wechat = true;
    await harness.advance(118 * MINUTE_MS);
    const beganAtMs = harness.timeline.now();
    expect(await harness.get(harness.instance())).toMatchObject({ ok: true, token: 'ticket-1' });
    expect(harness.timeline.now() - beganAtMs).toBeLessThan(1_500);
  });

  it('a ticket that is alive is served', async () => {
    const harness = createTicketHarness();
    const instance = harness.instance();
    await harness.tick(instance);
    harness.tokens.outage.wechat = true;
    harness.state.script = () => ({ kind: 'not-sent', code: 'ENOTFOUND' });
    await harness.advance(119 * MINUTE_MS - 5 * SECOND_MS);
    const answer = await harness.get(harness.instance());
    expect(answer).toMatchObject({ ok: true, token: 'ticket-1' });
    expect(answer.ok && answer.leftMs).toBe(20 * SECOND_MS);
    await harness.advance(2 * MINUTE_MS);
    expect(await harness.get(harness.instance())).toMatchObject({ ok: false, errcode: 503 });
  });
});

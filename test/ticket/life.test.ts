/** How old a ticket may get: by the timer, without it, under either model of its death, and when a holder is killed. */

import { describe, expect, it } from 'vitest';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import { createTicketHarness, MINUTE_MS, SECOND_MS, valueOf } from './harness.ts';
import type { Instance } from './harness.ts';

const HOUR_MS = 60 * MINUTE_MS;
const TICK_MS = 5 * MINUTE_MS;
const STEP_MS = 5 * SECOND_MS;

/**
 * Three hours with a ticket that a reader has fetched at their beginning and WeChat replaces a little later, unseen.
 * Three instances are asked every 5 s, each of which reads the database at another second of the minute. Gives the
 * longest that a caller could hold the replaced one. WeChat is away for `outage`, from the first time to the second.
 */
async function longestHold(
  replacedMs: number,
  ticksFromMs: number,
  outage = { fromMs: Infinity, toMs: Infinity },
): Promise<number> {
  const harness = createTicketHarness({ latencyMs: 4 });
  const [ticker, ...readers] = Array.from({ length: 4 }, harness.instance) as [Instance, ...Instance[]];
  const beganAtMs = harness.timeline.now();
  harness.state.script = () => {
    const atMs = harness.timeline.now() - beganAtMs;
    return outage.fromMs <= atMs && atMs < outage.toMs ? { kind: 'lost', code: 'ECONNRESET' } : undefined;
  };
  let heldUntilAtMs = 0;
  for (let atMs = 0; atMs < 3 * HOUR_MS; atMs += STEP_MS) {
    await harness.advance(beganAtMs + atMs - harness.timeline.now());
    if (atMs === replacedMs) harness.state.current = 'ticket-2';
    if (atMs >= ticksFromMs && (atMs - ticksFromMs) % TICK_MS === 0) await harness.tick(ticker);
    const reading = readers.filter((_, index) => atMs >= index * 25 * SECOND_MS);
    for (const reader of reading) {
      const answer = await harness.get(reader);
      if (answer.ok && answer.token === 'ticket-1')
        heldUntilAtMs = Math.max(heldUntilAtMs, harness.timeline.now() + answer.leftMs);
    }
  }
  expect(harness.stored().token?.value).toBe('ticket-2');
  return heldUntilAtMs - beganAtMs - replacedMs;
}

describe('a ticket that dies when WeChat has the next one', () => {
  it.each([
    ['the timer comes just after the fetch', STEP_MS],
    ['just before it is due', 4 * MINUTE_MS + 20 * SECOND_MS],
    ['in between', 2 * MINUTE_MS],
    ['not at all, and readers fetch it', Infinity],
  ])('is held for 36 minutes at most, and nearly so long: %s', async (_, ticksFromMs) => {
    const heldMs = await longestHold(STEP_MS, ticksFromMs);
    expect(heldMs).toBeLessThanOrEqual(36 * MINUTE_MS);
    expect(heldMs).toBeGreaterThan(29 * MINUTE_MS);
  });
});

describe('the same, where the fetch that is due', () => {
  it('fails once: the next tick fetches it, and the 36 minutes hold', async () => {
    const outage = { fromMs: 29 * MINUTE_MS, toMs: 33 * MINUTE_MS };
    expect(await longestHold(STEP_MS, STEP_MS, outage)).toBeLessThanOrEqual(36 * MINUTE_MS);
  });

  it('fails twice: it is held for as long as WeChat is away, and two minutes more', async () => {
    const outage = { fromMs: 29 * MINUTE_MS, toMs: 39 * MINUTE_MS };
    expect(await longestHold(STEP_MS, STEP_MS, outage)).toBeLessThanOrEqual(41 * MINUTE_MS);
  });
});

describe('two clocks that are apart', () => {
  const both = (harness: ReturnType<typeof createTicketHarness>, apartMs: number): Instance[] =>
    [apartMs / 2, -apartMs / 2].map((skewMs) => harness.instance({ skewMs }));

  it('by 18 minutes make the fetches more frequent, but no more than one in 8 minutes, and nobody goes without', async () => {
    const harness = createTicketHarness();
    const instances = both(harness, 18 * MINUTE_MS);
    for (let minutes = 0; minutes < 4 * 60; minutes += 1) {
      for (const instance of instances) valueOf(await harness.get(instance));
      await harness.advance(MINUTE_MS);
    }
    expect(harness.asked.length).toBeLessThanOrEqual((4 * 60) / 8);
    expect(harness.asked.length).toBeGreaterThanOrEqual(8);
  });

  it('by 20 s let reports cost a fetch in 40 s', async () => {
    const harness = createTicketHarness();
    const instances = both(harness, 20 * SECOND_MS);
    const reported = valueOf(await harness.get(instances[0]!));
    await harness.advance(2 * MINUTE_MS);
    const before = harness.asked.length;
    for (let turns = 0; turns < 30; turns += 1) {
      for (const instance of instances) valueOf(await harness.get(instance, reported));
      await harness.advance(10 * SECOND_MS);
    }
    expect(harness.asked.length - before).toBeLessThanOrEqual((5 * 60) / 40 + 1);
    expect(harness.asked.length - before).toBeGreaterThanOrEqual(4);
  });
});

describe('WX_TICKETS, unset for some days and set again', () => {
  it('finds an old breaker and a dead ticket, and has a new one at the first call', async () => {
    const harness = createTicketHarness();
    const first = harness.instance();
    await harness.get(first);
    await harness.advance(31 * MINUTE_MS);
    harness.state.script = () => ({
      kind: 'answered',
      status: 200,
      body: '{"errcode":48001,"errmsg":"api unauthorized"}',
    });
    await harness.tick(first);
    expect(harness.stored()).toMatchObject({ backoff: { errcode: 48001 }, token: { value: 'ticket-1' } });
    await harness.advance(3 * 24 * HOUR_MS);
    harness.state.script = () => undefined;
    harness.state.current = 'ticket-2';
    expect(await harness.get(harness.instance())).toMatchObject({ ok: true, token: 'ticket-2' });
    expect(harness.stored().backoff).toBeNull();
  });
});

describe('a token that is on hold, because the answer to its mint was lost', () => {
  it('makes nobody wait for more than 6 s who can have a ticket of 47 minutes', async () => {
    const harness = createTicketHarness();
    const { tokens } = harness;
    const [ticker, reader] = [harness.instance(), harness.instance()];
    await harness.tick(ticker);
    await harness.advance(75 * MINUTE_MS);
    await harness.tick(ticker);
    await harness.advance(35 * MINUTE_MS);
    tokens.outage.wechat = true;
    harness.state.script = () => ({ kind: 'lost', code: 'ECONNRESET' });
    await tokens.tick(ticker.tokens);
    await harness.advance(12 * MINUTE_MS);
    const beganAtMs = harness.timeline.now();
    expect(await harness.get(reader)).toMatchObject({ ok: true, token: 'ticket-1' });
    expect(harness.timeline.now() - beganAtMs).toBeLessThan(6 * SECOND_MS);
  });
});

describe('the pace', () => {
  it('is a fetch every 30 minutes by the timer, whoever asks meanwhile', async () => {
    const harness = createTicketHarness();
    const [ticker, reader] = [harness.instance(), harness.instance()];
    for (let ticks = 0; ticks < 24 * 12; ticks += 1) {
      await harness.tick(ticker);
      await harness.get(reader);
      await harness.advance(TICK_MS);
    }
    expect(harness.asked.length).toBe(48);
  });

  it('is one fetch for all readers, however long the timer has been away', async () => {
    const harness = createTicketHarness();
    await harness.get(harness.instance());
    await harness.advance(40 * MINUTE_MS);
    const instances = Array.from({ length: 20 }, harness.instance);
    const answers = instances.map(({ ticket }) => harness.timeline.settle(getAccessToken(ticket, null)));
    expect(new Set((await Promise.all(answers)).map(valueOf))).toEqual(new Set(['ticket-1']));
    expect(harness.asked).toHaveLength(2);
  });
});

describe('a holder that is killed between the fetch and the commit', () => {
  it('costs the others nothing but a second fetch, once its claim is over', async () => {
    const harness = createTicketHarness();
    const first = harness.instance();
    await harness.get(first);
    await harness.advance(36 * MINUTE_MS);
    // The fetch never comes back in this instance.
    harness.state.script = (_, call) =>
      call === 2 ? { kind: 'lost', code: 'KILLED', tookMs: Infinity } : undefined;
    void getAccessToken(first.ticket, null);
    await harness.advance(SECOND_MS);
    expect(harness.stored().claim).not.toBeNull();
    const other = harness.instance();
    expect(await harness.get(other)).toMatchObject({ ok: true, token: 'ticket-1' });
    expect(harness.asked).toHaveLength(2);
  });
});

describe('reports of a ticket', () => {
  it('from 20 instances cost one fetch a minute, and a replaced ticket is the answer to all', async () => {
    const harness = createTicketHarness();
    const reported = valueOf(await harness.get(harness.instance()));
    await harness.advance(2 * MINUTE_MS);
    harness.state.current = 'ticket-2';
    const instances = Array.from({ length: 20 }, harness.instance);
    const answers = await Promise.all(
      instances.map(({ ticket }) => harness.timeline.settle(getAccessToken(ticket, reported))),
    );
    expect(new Set(answers.map(valueOf))).toEqual(new Set(['ticket-2']));
    expect(harness.asked).toHaveLength(2);
    expect(harness.stored().refusedAtMs).toEqual([]);
  });

  it('that keep coming cost one fetch a minute, while WeChat fails too', async () => {
    const harness = createTicketHarness();
    const reported = valueOf(await harness.get(harness.instance()));
    await harness.advance(2 * MINUTE_MS);
    harness.state.script = () => ({ kind: 'not-sent', code: 'ECONNREFUSED' });
    const fetches = (): number => harness.asked.filter(({ host }) => host === 'a.invalid').length;
    const before = fetches();
    const beganAtMs = harness.timeline.now();
    while (harness.timeline.now() - beganAtMs < 10 * MINUTE_MS) {
      const answer = await harness.get(harness.instance(), reported);
      expect(answer).toMatchObject({ ok: true, token: reported });
      await harness.advance(5 * SECOND_MS);
    }
    expect(fetches() - before).toBe(10);
    expect(await harness.get(harness.instance())).toMatchObject({ ok: true, token: reported });
  });
});

describe('the limit of a day', () => {
  it('is a ticket’s own: a small MINT_LIMIT_PER_DAY leaves it its 48 fetches', async () => {
    const harness = createTicketHarness({ policy: { mintLimitPerDay: 20 } });
    const ticker = harness.instance();
    for (let ticks = 0; ticks < 24 * 12; ticks += 1) {
      expect((await harness.tick(ticker)).errcode).toBe(0);
      await harness.advance(TICK_MS);
    }
    expect(harness.asked).toHaveLength(48);
  });

  it('keeps 100 fetches from reports, however many come', async () => {
    const harness = createTicketHarness();
    const instance = harness.instance();
    for (let minutes = 0; minutes < 12 * 60 - 5; minutes += 1) {
      const { token } = harness.stored();
      await harness.get(instance, token?.value ?? null);
      await harness.advance(MINUTE_MS + SECOND_MS);
    }
    expect(harness.asked.length).toBeGreaterThanOrEqual(400);
    expect(harness.asked.length).toBeLessThan(470);
    await harness.advance(31 * MINUTE_MS);
    expect(await harness.tick(instance)).toMatchObject({ action: 'refreshed' });
  });
});

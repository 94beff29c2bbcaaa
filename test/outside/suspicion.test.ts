/** An SDK can't report a refused token, it just asks again: what that costs, and what it brings. */

import { describe, expect, it } from 'vitest';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { APPID, NOON_MS } from '../support/cloud.ts';
import { borrowOutsideCloud, PROBE, type Answered, type OutsideCloud } from './harness.ts';

const borrow = () => borrowOutsideCloud({ host: { maxInstances: 1 }, startAtMs: NOON_MS });

describe('a server that asks again', () => {
  it('for a dead token gets a new one: one probe, one mint', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const first = (await cloud.ask(key)).body.access_token;
    cloud.revoke();
    const second = (await cloud.ask(key)).body.access_token;
    expect(second).not.toBe(first);
    expect(cloud.isAlive(second)).toBe(true);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([1, 2]);
  });

  it('for a token that is alive gets the same, and WeChat is asked once in 30 s', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const { body } = await cloud.ask(key);
    cloud.clock.advance(31_000);
    for (let n = 0; n < 20; n += 1) {
      expect((await cloud.ask(key)).body.access_token).toBe(body.access_token);
      cloud.clock.advance(1_000);
    }
    expect(cloud.asked(PROBE)).toBe(1);
    cloud.clock.advance(11_000);
    await cloud.ask(key);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([2, 1]);
  });

  it('once the promise is over raises no suspicion', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const { body } = await cloud.ask(key);
    cloud.clock.advance(body.expires_in! * 1_000);
    await cloud.refresh();
    expect((await cloud.ask(key)).body.access_token).not.toBe(body.access_token);
    expect(cloud.asked(PROBE)).toBe(0);
  });

  it('before the promise is over, but after a regular refresh, gets what is new without a probe', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.ask(key);
    cloud.clock.advance(110 * 60_000);
    await cloud.refresh();
    expect((await cloud.ask(key)).body.access_token).toBe(cloud.storedToken());
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([0, 2]);
  });

  it('is told apart from another server', async () => {
    const cloud = await borrow();
    const keys = [await cloud.addKey('one'), await cloud.addKey('two')];
    for (const key of keys) await cloud.ask(key);
    expect(cloud.asked(PROBE)).toBe(0);
  });

  it('a newborn is not doubted: WeChat’s replicas lag', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.ask(key);
    cloud.clock.advance(29_000);
    await cloud.ask(key);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([0, 1]);
  });
});

describe('a newborn that WeChat refuses', () => {
  /** As wechatpy does: whatever is refused is asked for again, without a bound, until an answer is an error. */
  async function repeat(cloud: OutsideCloud, key: string): Promise<Answered[]> {
    const answers: Answered[] = [];
    while (answers.at(-1)?.body.errcode === undefined && answers.length < 50)
      answers.push(await cloud.ask(key));
    return answers;
  }

  it('is answered with 503 and retry_after from the third ask on, and given again once WeChat knows it', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    cloud.sandbox.faults.refuse(40001, { times: 2 }, PROBE);
    const answers = await repeat(cloud, key);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 503]);
    const { body, retryAfter } = answers[2]!;
    expect([body.errcode, body.retry_after, retryAfter]).toEqual([-1, 5, '5']);
    expect(body.access_token).toBeUndefined();
    for (let n = 0; n < 20; n += 1) expect((await cloud.ask(key)).status).toBe(503);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([1, 1]);
    cloud.clock.advance(5_000);
    expect((await cloud.ask(key)).status).toBe(503);
    cloud.clock.advance(5_000);
    expect((await cloud.ask(key)).body.access_token).toBe(answers[0]?.body.access_token);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([3, 1]);
  });

  it.each(['accepts', 'says nothing about'])(
    'which WeChat %s is given as often as it is asked for',
    async (how) => {
      const cloud = await borrow();
      const key = await cloud.addKey();
      if (how !== 'accepts') cloud.sandbox.faults.refuse(-1, { times: 9 }, PROBE);
      const answers = await repeat(cloud, key);
      expect(answers).toHaveLength(50);
      expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1);
      expect([cloud.asked(PROBE), cloud.mints()]).toEqual([1, 1]);
    },
  );
});

describe('what WeChat says to the probe', () => {
  it.each([40001, 40014, 42001])('%i counts as a report', async (errcode) => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.ask(key);
    cloud.clock.advance(31_000);
    cloud.sandbox.faults.refuse(errcode, { times: 1 }, PROBE);
    await cloud.ask(key);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([1, 2]);
  });

  it.each([-1, 45009, 40164, 48001])('%i says nothing about the token', async (errcode) => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const { body } = await cloud.ask(key);
    cloud.clock.advance(31_000);
    cloud.sandbox.faults.refuse(errcode, { times: 1 }, PROBE);
    expect((await cloud.ask(key)).body.access_token).toBe(body.access_token);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([1, 1]);
  });

  it('nothing at all: the token is handed out as before', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const { body } = await cloud.ask(key);
    cloud.clock.advance(31_000);
    cloud.sandbox.faults.add({ fault: { do: 'reply', status: 502, body: 'oops' }, on: PROBE });
    expect((await cloud.ask(key)).body.access_token).toBe(body.access_token);
    expect(cloud.mints()).toBe(1);
  });

  it('a refusal that no mint can cure just now is an error, not the dead token once more', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.ask(key);
    cloud.revoke();
    cloud.sandbox.faults.refuse(45009, { times: 10 }, '/cgi-bin/token');
    for (let n = 0; n < 3; n += 1) expect((await cloud.ask(key)).body.errcode).toBe(45009);
    expect(cloud.asked(PROBE)).toBe(1);
  });
});

describe('force_refresh', () => {
  it('is doubt, not force: a token that is alive stays', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const fields = { grant_type: 'client_credential', appid: APPID, secret: key };
    const { body } = await cloud.stable(fields);
    cloud.clock.advance(31_000);
    const forced = await cloud.stable({ ...fields, force_refresh: true });
    expect(forced.body.access_token).toBe(body.access_token);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([1, 1]);
  });

  it('raises it also where nobody knows of a promise, and replaces a dead token', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.get();
    cloud.revoke();
    const fields = { grant_type: 'client_credential', appid: APPID, secret: key, force_refresh: true };
    expect(cloud.isAlive((await cloud.stable(fields)).body.access_token)).toBe(true);
    expect([cloud.asked(PROBE), cloud.mints()]).toEqual([1, 2]);
  });

  it.each(['true', 1, null, {}])('%j is none', async (value) => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.get();
    cloud.clock.advance(31_000);
    await cloud.stable({ grant_type: 'client_credential', appid: APPID, secret: key, force_refresh: value });
    expect(cloud.asked(PROBE)).toBe(0);
  });
});

describe('many instances', () => {
  it('one mint for all of them, and nobody leaves with the dead token', async () => {
    const cloud = await borrowOutsideCloud({ startAtMs: NOON_MS, host: { maxInstances: 4 } });
    const key = await cloud.addKey();
    await Promise.all(Array.from({ length: 16 }, () => cloud.ask(key)));
    const looked = cloud.asked(PROBE);
    cloud.revoke();
    const dead = cloud.storedToken();
    const answers = await Promise.all(Array.from({ length: 40 }, () => cloud.ask(key)));
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1);
    expect(answers[0]?.body.access_token).not.toBe(dead);
    expect(cloud.mints()).toBe(2);
    // One for the dead token, and one by each instance that is asked for the new one again and again.
    expect(cloud.asked(PROBE) - looked).toBeLessThanOrEqual(1 + 4);
  });

  it('an instance that has forgotten the promise hands the dead token out once, and then knows', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const first = (await cloud.ask(key)).body.access_token;
    cloud.revoke();
    await cloud.host.recycle('accessTokenHttp');
    expect((await cloud.ask(key)).body.access_token).toBe(first);
    expect(cloud.isAlive((await cloud.ask(key)).body.access_token)).toBe(true);
  });

  it('a probe whose holder died is waited for, then made anew after 30 s', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.ask(key);
    cloud.revoke();
    const pending = { id: 'a claim', atMs: cloud.clock.now(), outcome: 'pending' };
    await cloud.database
      .collection(COLLECTION)
      .update({ query: { _id: APPID }, update: { $set: { verdict: pending } } });
    expect((await cloud.ask(key)).body.errcode).toBe(-1);
    cloud.clock.advance(31_000);
    expect(cloud.isAlive((await cloud.ask(key)).body.access_token)).toBe(true);
    expect(cloud.asked(PROBE)).toBe(1);
  });
});

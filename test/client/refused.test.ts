/** What the client does with a token that WeChat refuses: one report, a pause, one more try. */

import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createHarness, errorOf, tokenReply, type Harness } from './harness.ts';

const CODES = [40001, 40014, 42001];
const refusal = (errcode: number) => ({ errcode, errmsg: 'refused rid: 6a1b2c3d-00000001-00000002' });

function refuseToken(harness: Harness, dead: string, errcode = 40001): void {
  harness.answerCall = ({ token }) => (token === dead ? refusal(errcode) : { ok: true });
}

it.each(CODES)('%i: reports the token, waits a second, and sends the same once more', async (errcode) => {
  const harness = createHarness();
  refuseToken(harness, 't1', errcode);
  const body = { touser: 'oUser', data: { thing1: { value: '茶' } } };
  expect(await harness.wechat.post('/cgi-bin/message/subscribe/send', body, { lang: 'zh' })).toEqual({
    ok: true,
  });
  expect(harness.asked).toEqual([{}, { invalid_access_token: 't1' }]);
  expect(harness.sleptMs).toEqual([1_000]);
  expect(harness.sent.map(({ token }) => token)).toEqual(['t1', 't2']);
  expect(harness.sent[1]?.body).toBe(JSON.stringify(body));
  expect(harness.sent[1]?.url.searchParams.get('lang')).toBe('zh');
});

it('sends the same bytes again for an upload', async () => {
  const harness = createHarness();
  refuseToken(harness, 't1');
  await harness.wechat.upload('/cgi-bin/media/upload', {
    filename: 'a.png',
    contentType: 'image/png',
    data: 'PNG',
  });
  const [first, second] = harness.sent.map(({ body }) => Buffer.from(body as Uint8Array).toString());
  expect(second).toBe(first);
  expect(second).toContain('PNG');
});

it('200 refused at the same time: one report, one pause, all succeed', async () => {
  const harness = createHarness();
  refuseToken(harness, 't1');
  const calls = Array.from({ length: 200 }, (_, n) => harness.wechat.get('/cgi-bin/getcallbackip', { n }));
  expect(await Promise.all(calls)).toEqual(calls.map(() => ({ ok: true })));
  expect(harness.asked).toEqual([{}, { invalid_access_token: 't1' }]);
  expect(harness.sleptMs).toEqual([1_000]);
  expect(harness.sent).toHaveLength(400);
});

it('refused twice is an error, and no third try', async () => {
  const harness = createHarness();
  harness.answerCall = () => refusal(40001);
  const error = await errorOf(harness.wechat.post('/wxa/msg_sec_check', {}));
  expect(error).toMatchObject({ errcode: 40001, errmsg: 'refused', rid: '6a1b2c3d-00000001-00000002' });
  expect(error.message).toMatch(/^POST \/wxa\/msg_sec_check: 40001 refused \(rid 6a1b.*\); .*another system/);
  expect(harness.sent).toHaveLength(2);
  expect(harness.asked).toHaveLength(2);
});

it('an old call that is refused late uses what the others have got meanwhile, without a report', async () => {
  const harness = createHarness();
  const late = deferred();
  harness.answerCall = async ({ token, url }) => {
    if (url.pathname === '/late' && token === 't1') await late.promise;
    return token === 't1' ? refusal(40001) : { ok: true };
  };
  const slow = harness.wechat.get('/late');
  await harness.wechat.get('/quick');
  late.resolve();
  expect(await slow).toEqual({ ok: true });
  expect(harness.asked).toHaveLength(2);
  expect(harness.sleptMs).toHaveLength(1);
});

it('a refused token in an answer that was on its way when the report began is handed to nobody', async () => {
  const harness = createHarness();
  await harness.wechat.accessToken();
  const [refused, read] = [deferred(), deferred()];
  harness.answerCall = async ({ token }) => {
    if (token === 't1') await refused.promise;
    return token === 't1' ? refusal(40001) : { ok: true };
  };
  harness.answerToken = async (data) => {
    if (data['invalid_access_token'] !== undefined) return tokenReply('t2');
    await read.promise;
    return tokenReply('t1');
  };
  const call = harness.wechat.get('/cgi-bin/getcallbackip');
  harness.nowMs += 60_000;
  const reading = harness.wechat.accessToken();
  refused.resolve();
  await call;
  read.resolve();
  expect(await reading).toBe('t2');
  expect(await harness.wechat.accessToken()).toBe('t2');
});

it('gets the same token back when it is too young to be known everywhere, and succeeds with it after the pause', async () => {
  const harness = createHarness();
  harness.answerToken = () => tokenReply('t1');
  harness.answerCall = () => (harness.sleptMs.length === 0 ? refusal(40001) : { ok: true });
  expect(await harness.wechat.get('/cgi-bin/getcallbackip')).toEqual({ ok: true });
});

it('a report that brings nothing is told, with when to come back', async () => {
  const harness = createHarness();
  harness.answerToken = (data) =>
    data['invalid_access_token'] === undefined
      ? tokenReply('t1')
      : { errcode: 503, errmsg: 'no', retry_after: 2 };
  refuseToken(harness, 't1');
  expect(await errorOf(harness.wechat.get('/cgi-bin/getcallbackip'))).toMatchObject({
    errcode: 503,
    retry_after: 2,
  });
});

describe('no refusal of the token', () => {
  it.each([
    [{ errcode: 0, errmsg: '40001' }],
    [{ text: 'errcode: 40001', list: [40001], inner: { errcode: 40001 } }],
    [[{ errcode: 40001 }]],
  ])('the answer %j is handed on', async (reply) => {
    const harness = createHarness();
    harness.answerCall = () => reply;
    expect(await harness.wechat.get('/cgi-bin/getcallbackip')).toEqual(reply);
    expect(harness.asked).toHaveLength(1);
  });

  it.each([
    [43101, 'user refuse to accept the msg', /requestSubscribeMessage/],
    [45009, 'reach max api daily quota limit', /00:00 UTC\+8/],
    [-1, 'system error', /try again/],
    [99999, 'no such thing', /look 99999 up at https/],
    [41001, 'access_token missing', /look 41001 up/],
  ])('%i is an error at once', async (errcode, errmsg, advice) => {
    const harness = createHarness();
    harness.answerCall = () => ({ errcode, errmsg: `${errmsg}, rid: 6a1b2c3d-00000001-00000002` });
    const error = await errorOf(harness.wechat.post('/cgi-bin/message/subscribe/send', {}));
    expect(error).toMatchObject({ errcode, errmsg, rid: '6a1b2c3d-00000001-00000002' });
    expect(error['advice']).toMatch(advice);
    expect([harness.sent.length, harness.asked.length]).toEqual([1, 1]);
  });
});

it('never sends a stream twice: it replaces the token and says what to do', async () => {
  const harness = createHarness();
  refuseToken(harness, 't1');
  const stream = Readable.from([Buffer.from('PNG')]);
  const file = { filename: 'a.png', contentType: 'image/png', stream, size: 3 };
  const error = await errorOf(harness.wechat.upload('/cgi-bin/media/upload', file));
  expect(error).toMatchObject({ errcode: 40001 });
  expect(error['advice']).toMatch(/can’t be sent twice.*call again with a new stream/);
  expect(harness.sent).toHaveLength(1);
  expect(harness.asked).toEqual([{}, { invalid_access_token: 't1' }]);
  expect(await harness.wechat.accessToken()).toBe('t2');
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
